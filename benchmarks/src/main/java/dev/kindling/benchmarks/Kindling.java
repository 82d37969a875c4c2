package dev.kindling.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.ShiftedCopies;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import dev.kindling.sql.KindlingExtensions;
import dev.kindling.training.ExchangeKind;
import dev.kindling.training.Recipe;
import dev.kindling.training.Trained;
import dev.kindling.training.Trainer;
import dev.kindling.ui.TrainingPlugin;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Kindling's own side: its session, its data, its steps. */
final class Kindling {
    /** Steps for {@link #warmUp} of a session with one use: a job takes half as long by then. */
    static final int WARM_UP = 1_000;

    private Kindling() {}

    /** As Kindling's commands open theirs. */
    static SparkSession session() {
        return SparkSession.builder()
                .appName("kindling benchmarks")
                .config("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                .config("spark.broadcast.blockSize", "256k")
                .config("spark.plugins", TrainingPlugin.class.getName())
                .config("spark.sql.extensions", KindlingExtensions.class.getName())
                .getOrCreate();
    }

    static LabelledRows open(SparkSession spark, Split split) {
        return DataDirectory.open(spark, Repository.path("data/mnist").toString(), split, Mnist.CLASSES);
    }

    /** The training set, in as many partitions as {@code train} makes of it on two cores. */
    static PackedRows pack(SparkSession spark, Recipe recipe) {
        LabelledRows rows = ShiftedCopies.of(open(spark, Split.TRAIN), recipe.repeat(), recipe.seed());
        return pack(rows, recipe, PackedRows.partitions(rows, 2, true));
    }

    static PackedRows pack(LabelledRows rows, Recipe recipe, int partitions) {
        return PackedRows.pack(rows, recipe.layers(), partitions, recipe.seed());
    }

    /** The same rows, each feature a little larger, so that none is zero. */
    static LabelledRows plus(LabelledRows rows, float shift) {
        Dataset<Row> shifted =
                rows.rows().withColumn("features", transform(col("features"), value -> value.plus(lit(shift))));
        return new LabelledRows(shifted, rows.count(), rows.features(), rows.source());
    }

    /** Takes steps of 1,024 rows in a session that is new: a job takes less and less time, over the first thousands. */
    static void warmUp(SparkSession spark, int steps) {
        Recipe recipe = Repository.recipe("default", "iterations=" + steps);
        try (PackedRows packed = pack(spark, recipe)) {
            run(packed, recipe);
        }
    }

    /** Trains in rounds, and times each step. */
    static Run run(PackedRows rows, Recipe recipe) {
        return run(rows, recipe, ExchangeKind.ROUND);
    }

    static Run run(PackedRows rows, Recipe recipe, ExchangeKind exchange) {
        double[] seconds = new double[recipe.iterations()];
        double[] losses = new double[recipe.iterations()];
        long[] last = {System.nanoTime()};
        Trained trained = new Trainer(rows, recipe, exchange, step -> {
                    long now = System.nanoTime();
                    seconds[step.number() - 1] = (now - last[0]) / 1e9;
                    losses[step.number() - 1] = step.loss();
                    last[0] = now;
                })
                .train();
        return new Run(seconds, losses[0], trained.parameters());
    }

    /**
     * A run of training.
     *
     * @param seconds shape (steps), from one step's end to the next one's
     * @param firstLoss under the parameters it started with
     * @param parameters it ended with
     */
    record Run(double[] seconds, double firstLoss, float[] parameters) {
        /** Seconds of a step. */
        double median() {
            return Alternation.median(seconds);
        }
    }
}
