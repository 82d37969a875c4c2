package dev.kindling;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.data.tables.Missing;
import dev.kindling.data.tables.TableSpec;
import dev.kindling.error.KindlingException;
import dev.kindling.training.RecipeBuilder;
import dev.kindling.training.Run;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trainer;
import dev.kindling.ui.TrainingEvents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * What {@link Classifier} and {@link Regressor} have in common: how they are told what to learn from which columns. Immutable: each
 * method gives another one, in which one thing is different.
 *
 * @param <E> the estimator
 */
public abstract sealed class Estimator<E extends Estimator<E>> permits Classifier, Regressor {
    private final Configuration configuration;

    Estimator(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The same estimator with another configuration. */
    abstract E with(Configuration other);

    Configuration configuration() {
        return configuration;
    }

    E withColumns(UnaryOperator<TableSpec> change) {
        return with(configuration.with(change.apply(configuration.columns())));
    }

    /**
     * Which columns are the features: one column of arrays of numbers, of Spark ML's vectors, or of bytes (pixels from 0 to 255), or
     * any number of columns of numbers and booleans. By default all columns but the others that are named.
     */
    public E features(String... columns) {
        return withColumns(spec -> spec.withFeatures(List.of(columns)));
    }

    /** The column of row weights, 0 or more: a row of weight 2 counts as if it were there twice. */
    public E weight(String column) {
        return withColumns(spec -> spec.withWeight(column));
    }

    /** The boolean column that says which rows are held out: they are not trained on, but evaluated as training goes. */
    public E heldOut(String column) {
        return withColumns(spec -> spec.withHeldOut(column));
    }

    /** The share of the rows that is held out, 0 to below 1. The seed draws them; equal rows stay together. */
    public E heldOut(double share) {
        return recipe(recipe -> recipe.validationFraction(share));
    }

    /** What to do with rows in which something is null, NaN or infinite: by default an error, or {@link Missing#SKIP}. */
    public E missing(Missing missing) {
        return withColumns(spec -> spec.withMissing(missing));
    }

    /** The units of each hidden layer, from the first on; none for a linear model. By default what suits the data. */
    public E hiddenLayers(int... units) {
        return with(configuration.withHiddenLayers(Arrays.stream(units).boxed().toList()));
    }

    /** The seed of every random choice. The same rows, seed and settings give the same model. */
    public E seed(long seed) {
        return recipe(recipe -> recipe.seed(seed));
    }

    /**
     * Changes the recipe, which otherwise follows from the data's size: {@code recipe(r -> r.iterations(500))}. Inputs, classes and
     * layers are not taken from it.
     */
    public E recipe(UnaryOperator<RecipeBuilder> change) {
        return with(configuration.withChange(change));
    }

    /** Who hears of each step, on the driver. */
    public E listener(StepListener listener) {
        return with(configuration.withListener(listener));
    }

    /** Begins with the parameters of a model, and so with its columns, labels, standardisation and layers. */
    E startingWith(TableModel model) {
        if (model.network().signature().isEmpty()) {
            throw new KindlingException("found a model of images to begin with, expected one of a DataFrame's columns");
        }
        return with(configuration.with(Start.with(model.network())))
                .withColumns(spec -> spec.withFeatures(model.inputs()));
    }

    /**
     * Begins with parameters instead of random ones.
     *
     * @param parameters the flat array, laid out as {@link dev.kindling.network.Architecture} says, for standardised inputs: as many
     *     as the layers have, which {@link #hiddenLayers} says
     */
    public E initialParameters(float... parameters) {
        return with(configuration.with(Start.with(parameters)));
    }

    /**
     * Saves the run while it trains, so that little is lost if the application ends. The same fit (rows, seed, settings, columns) goes
     * on from the newest checkpoint that is there, to the same bits as if it had not ended; another fit is refused there.
     *
     * @param directory a path or URI of any Hadoop file system; need not exist. The two newest checkpoints stay there
     * @param every the steps from one checkpoint to the next, at least 1
     */
    public E checkpoints(String directory, int every) {
        if (every < 1) {
            throw new KindlingException(setting("checkpoint-every") + ": found " + every + ", expected 1 or more");
        }
        return with(configuration.with(new Configuration.Saving(directory, every)));
    }

    /** What the run is called in the Training tab: by default as {@link #source} says. */
    public E run(String name) {
        return with(configuration.withRun(name));
    }

    /** What the rows are called in messages and in the model's provenance, such as the path that they come from. */
    public E source(String name) {
        return with(configuration.withSource(name));
    }

    /**
     * Looks at the rows, for whoever trains step by step: {@link TrainingTable}.
     *
     * @throws dev.kindling.error.KindlingException as {@code fit}
     */
    public TrainingTable open(Dataset<Row> rows) {
        Configuration complete = complete(rows.schema()).configuration();
        return Failures.unwrapped(() -> TrainingTable.of(rows, complete));
    }

    /** The first of some names that a column has, or another name if none has. */
    static String usual(StructType schema, List<String> names, String otherwise) {
        List<String> there = Arrays.asList(schema.fieldNames());
        return names.stream().filter(there::contains).findFirst().orElse(otherwise);
    }

    /** With the columns that are not named, but whose names are usual. */
    abstract E complete(StructType schema);

    /** Looks at the rows, trains, and gives the result. */
    TrainedModel train(Dataset<Row> rows) {
        SparkSession spark = rows.sparkSession();
        TrainingTable table = open(rows);
        return Failures.unwrapped(() -> {
            Optional<Checkpoints> checkpoints =
                    configuration.checkpoints().map(saving -> Checkpoints.of(spark, saving, table.recipe()));
            try (PackedRows packed = table.pack()) {
                Run run = checkpoints
                        .map(saved -> saved.begin(table.recipe(), packed, configuration.start()))
                        .orElseGet(() -> table.begin(packed));
                Trainer trainer = train(spark, run, packed, checkpoints);
                return TrainedModel.of(spark, run, trainer.result(run), Optional.of(table.signature()));
            }
        });
    }

    /** Trains a run to its end, and tells the Training tab and the listener. */
    private Trainer train(SparkSession spark, Run run, PackedRows packed, Optional<Checkpoints> checkpoints) {
        String name = configuration.run().isEmpty() ? configuration.source() : configuration.run();
        try (TrainingEvents events = new TrainingEvents(spark.sparkContext(), Map.of(run, name))) {
            Trainer trainer = new Trainer(packed, run.recipe(), step -> {
                events.onStep(step);
                configuration.listener().onStep(step);
                checkpoints.ifPresent(saved -> saved.afterStep(run));
            });
            events.train(trainer, run, () -> false);
            return trainer;
        }
    }
}
