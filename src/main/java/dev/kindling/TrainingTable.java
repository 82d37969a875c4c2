package dev.kindling;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.data.tables.Table;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import dev.kindling.training.Defaults;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import dev.kindling.training.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A DataFrame that has been looked at, with the recipe that it is trained with, for whoever trains step by step: with checkpoints, or
 * so that it can be stopped. {@link Classifier#fit} and {@link Regressor#fit} do without.
 */
public final class TrainingTable {
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
        boolean byColumn = configuration.columns().heldOut().isPresent();
        double share = Double.parseDouble(
                configuration.settings().apply(anySize()).settings().get("validation-fraction"));
        if (byColumn && share > 0) {
            throw new KindlingException(setting("validation-fraction") + ": found " + share + " and column "
                    + configuration.columns().heldOut().get() + ", expected one way of holding rows out");
        }
        // That a setting is wrong shows without a job. Neither seed nor share depend on the data.
        Recipe asked = configuration
                .settings()
                .apply(anySize().validationFraction(byColumn ? 0.5 : 0))
                .build();
        if (asked.repeat() > 1) {
            throw new KindlingException(setting("repeat") + ": found " + asked.repeat()
                    + ", expected 1 for a table: shifted copies are made of images in files");
        }
        Table table = new Table(
                rows,
                configuration.columns(),
                asked.seed(),
                share,
                configuration.source(),
                configuration.start().model().flatMap(Model::signature));
        checkNames(table, configuration.source());
        return new TrainingTable(
                table,
                recipe(table, configuration),
                configuration,
                rows.sparkSession().sparkContext());
    }

    /** Settings for what has to be known before the number of rows is, and does not depend on it. */
    private static RecipeBuilder anySize() {
        return Defaults.recipe(1, Output.SOFTMAX);
    }

    /** Refuses features that could be trained on, but not be transformed. */
    private static void checkNames(Table table, String source) {
        for (String feature : table.features().names()) {
            if (feature.equalsIgnoreCase(TableModel.PREDICTION)
                    || (table.labels().isPresent() && feature.equalsIgnoreCase(ClassifierModel.PROBABILITY))) {
                throw new KindlingException(source + ": found a feature called " + feature
                        + ", expected another name: the model adds a column of that name");
            }
        }
    }

    private static Recipe recipe(Table table, Configuration configuration) {
        int outputs = table.labels()
                .map(labels -> labels.values().size())
                .orElse(table.targetNames().size());
        List<Integer> sizes = new ArrayList<>(List.of(table.width()));
        sizes.addAll(hiddenLayers(table, configuration));
        sizes.add(outputs);
        Output output = table.labels().isPresent() ? Output.SOFTMAX : Output.IDENTITY;
        RecipeBuilder defaults = Defaults.recipe(table.trainingRows(), output);
        if (configuration.columns().heldOut().isPresent()) {
            defaults.validationFraction(1 - (double) table.trainingRows() / table.rows());
        }
        return configuration
                .settings()
                .apply(defaults)
                .from(configuration.start().digest())
                .layers(new Architecture(sizes, output))
                .build();
    }

    private static List<Integer> hiddenLayers(Table table, Configuration configuration) {
        Optional<Model> start = configuration.start().model();
        if (start.isEmpty()) {
            return configuration.hiddenLayers().orElse(Defaults.hiddenLayers(table.trainingRows()));
        }
        List<Integer> sizes = start.get().architecture().sizes();
        List<Integer> hidden = sizes.subList(1, sizes.size() - 1);
        if (!configuration.hiddenLayers().orElse(hidden).equals(hidden)) {
            throw new KindlingException(setting("hidden-layers") + ": found "
                    + configuration.hiddenLayers().get() + ", expected " + hidden
                    + ", those of the model to begin with, or none");
        }
        return hidden;
    }

    /** A run before its first step. */
    public Run begin(PackedRows packed) {
        return configuration.start().begin(recipe, packed);
    }

    /** Packs the rows, for as many partitions as there are cores. */
    public PackedRows pack() {
        return pack(
                PackedRows.partitions(table.rows(), table.width(), context.defaultParallelism(), context.isLocal()));
    }

    /**
     * Packs and caches the rows, in a Spark job.
     *
     * @param partitions 1 or more; it changes the time, not the result
     * @throws KindlingException if the rows are others than those that were looked at
     */
    public PackedRows pack(int partitions) {
        return table.pack(partitions, configuration.classWeights());
    }

    /** What it is trained with: settings that suit its size, and those that were changed. */
    public Recipe recipe() {
        return recipe;
    }

    /** How many rows there are, those that are held out too. */
    public long rows() {
        return table.rows();
    }

    /** How many rows were left out because something in them is missing. */
    public long skipped() {
        return table.skipped();
    }

    /** What goes into the model and what comes out of it. */
    public Signature signature() {
        Optional<Labels> labels = table.labels();
        return new Signature(
                new Inputs(table.features().form(), table.features().names(), table.inputs()),
                labels,
                labels.isPresent() ? Optional.empty() : Optional.of(new Targets(table.targetNames(), table.targets())));
    }
}
