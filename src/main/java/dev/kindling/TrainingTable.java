package dev.kindling;

import dev.kindling.data.PackedRows;
import dev.kindling.data.tables.Table;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import dev.kindling.training.Defaults;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A DataFrame that has been looked at, with the recipe that it is trained with. */
final class TrainingTable {
    private final Table table;
    private final Recipe recipe;
    private final Configuration configuration;
    private final SparkContext context;

    private TrainingTable(Table table, Recipe recipe, Configuration configuration, SparkContext context) {
        this.table = table;
        this.recipe = recipe;
        this.configuration = configuration;
        this.context = context;
    }

    /**
     * Looks at the rows.
     *
     * @throws dev.kindling.error.KindlingException if they, or the settings, are wrong
     */
    static TrainingTable of(Dataset<Row> rows, Configuration configuration) {
        // Settings first: that they are wrong shows without a job. Seed and share do not depend on the data.
        Recipe asked = configuration.settings().apply(Recipe.builder()).build();
        Table table = new Table(
                rows,
                configuration.columns(),
                asked.seed(),
                asked.validation().validationFraction(),
                configuration.source());
        return new TrainingTable(
                table,
                recipe(table, configuration),
                configuration,
                rows.sparkSession().sparkContext());
    }

    private static Recipe recipe(Table table, Configuration configuration) {
        int outputs = table.labels()
                .map(labels -> labels.values().size())
                .orElse(table.targetNames().size());
        List<Integer> sizes = new ArrayList<>(List.of(table.width()));
        sizes.addAll(configuration.hiddenLayers().orElse(Defaults.hiddenLayers(table.trainingRows())));
        sizes.add(outputs);
        RecipeBuilder defaults = Defaults.recipe(table.trainingRows());
        return configuration
                .settings()
                .apply(defaults)
                .layers(new Architecture(sizes, table.labels().isPresent() ? Output.SOFTMAX : Output.IDENTITY))
                .build();
    }

    /** Packs the rows, for as many partitions as there are cores. */
    PackedRows pack() {
        int partitions =
                PackedRows.partitions(table.rows(), table.width(), context.defaultParallelism(), context.isLocal());
        return table.pack(partitions, configuration.classWeights());
    }

    Recipe recipe() {
        return recipe;
    }

    /** What goes into the model and what comes out of it. */
    Signature signature() {
        Optional<Labels> labels = table.labels();
        return new Signature(
                new Inputs(table.features().form(), table.features().names(), table.inputs()),
                labels,
                labels.isPresent() ? Optional.empty() : Optional.of(new Targets(table.targetNames(), table.targets())));
    }
}
