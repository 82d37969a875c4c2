package dev.kindling.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import dev.kindling.data.DataDirectory;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Split;
import dev.kindling.training.Recipe;
import dev.kindling.training.Trained;
import dev.kindling.training.Trainer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Kindling's own side: its session, its data, its steps. */
final class Kindling {
    private Kindling() {}

    /** As Kindling's commands open theirs. */
    static SparkSession session() {
        return SparkSession.builder()
                .appName("kindling benchmarks")
                .config("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                .getOrCreate();
    }

    static LabelledRows open(SparkSession spark, Split split) {
        return DataDirectory.open(spark, Repository.path("data/mnist").toString(), split, Mnist.CLASSES);
    }

    /** @param shift is added to every pixel: above 0 it leaves no zeros */
    static PackedRows pack(SparkSession spark, float shift, Recipe recipe, int partitions) {
        LabelledRows rows = open(spark, Split.TRAIN);
        Dataset<Row> shifted = shift == 0
                ? rows.rows()
                : rows.rows().withColumn("features", transform(col("features"), value -> value.plus(lit(shift))));
        LabelledRows source = new LabelledRows(shifted, rows.count(), rows.features(), rows.source());
        return PackedRows.pack(source, recipe.layers(), partitions, recipe.seed());
    }

    /** Trains, and times each step. */
    static Run run(PackedRows rows, Recipe recipe) {
        double[] seconds = new double[recipe.iterations()];
        double[] losses = new double[recipe.iterations()];
        long[] last = {System.nanoTime()};
        Trained trained = new Trainer(rows, recipe, step -> {
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
