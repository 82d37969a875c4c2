package dev.kindling.benchmarks;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.data.files.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * Rows 25 to 25 d: MNIST images from Parquet, predicted to no output. They are vectors as Spark ML's VectorAssembler and its reader
 * of LibSVM files make them, without their zeros: to read dense ones takes longer than any network here. There are 6,000,000 of
 * them, or as many times 60,000 as {@value #COPIES} of the environment says: the training images, repeated.
 */
final class ScoredImages {
    private static final String COPIES = "SCORED_COPIES";
    private static final int IMAGES = 60_000;
    /** Few steps, as it does not matter what is predicted. */
    private static final int STEPS = 20;

    private ScoredImages() {}

    static List<Row> rows(Bench bench) {
        String given = System.getenv(COPIES);
        int copies = given != null ? Integer.parseInt(given) : bench.quick() ? 1 : 100;
        Dataset<org.apache.spark.sql.Row> table = table(bench.spark(), copies);
        int count = copies * IMAGES;
        List<Row> rows = new ArrayList<>();
        rows.addAll(rows(bench, table, count, "25", "25 b", Mnist.FEATURES, 10, Mnist.CLASSES));
        rows.addAll(rows(bench, table, count, "25 c", "25 d", Mnist.FEATURES, 100, Mnist.CLASSES));
        return rows;
    }

    /** Spark takes an hour to write six million vectors of 784 numbers. So it writes the images once, and the file is copied. */
    private static Dataset<org.apache.spark.sql.Row> table(SparkSession spark, int copies) {
        Path folder = Repository.path("benchmarks/target/scored");
        Dataset<org.apache.spark.sql.Row> vectors =
                Kindling.open(spark, Split.TRAIN).rows().select(col("label"), array_to_vector(col("features")).as("numbers"));
        new VectorAssembler()
                .setInputCols(new String[] {"numbers"})
                .setOutputCol("features")
                .transform(vectors)
                .drop("numbers")
                .coalesce(1)
                .write()
                .mode("overwrite")
                .parquet(folder.toString());
        try (DirectoryStream<Path> written = Files.newDirectoryStream(folder, "part-*.parquet")) {
            Path file = written.iterator().next();
            for (int copy = 1; copy < copies; copy++) {
                Files.copy(file, folder.resolve("copy-" + copy + ".parquet"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return spark.read().parquet(folder.toString());
    }

    private static List<Row> rows(
            Bench bench,
            Dataset<org.apache.spark.sql.Row> table,
            int count,
            String number,
            String ofSql,
            int... layers) {
        Dataset<org.apache.spark.sql.Row> some = table.limit(IMAGES / 10).cache();
        ClassifierModel model = new Classifier()
                .label("label")
                .hiddenLayers(layers[1])
                .recipe(recipe -> recipe.iterations(STEPS))
                .fit(some);
        String place = Repository.path("benchmarks/target/scored-model").toString();
        model.save(place, true);
        MultilayerPerceptronClassificationModel perceptron = new MultilayerPerceptronClassifier()
                .setLayers(layers)
                .setMaxIter(STEPS)
                .setSeed(1)
                .fit(some);
        some.unpersist();
        String call = "('" + place + "', features)";
        Alternation alternation = new Alternation();
        Alternation.Contestant ours = alternation.add(() -> seconds(wanted(model.transform(table))));
        Alternation.Contestant sql = alternation.add(
                () -> seconds(table.select(expr("kindling_predict" + call), expr("kindling_probability" + call))));
        Alternation.Contestant read = alternation.add(() -> seconds(table.select("features")));
        Alternation.Contestant theirs = alternation.add(() -> seconds(wanted(perceptron.transform(table))));
        alternation.warmUp(1);
        alternation.run(bench.repetitions());
        String what = String.format(Locale.ROOT, "%,d MNIST rows from Parquet, %d-%d-%d", count, layers[0], layers[1], layers[2]);
        return List.of(
                Row.faster(
                        number,
                        "`transform` of " + what + " (to read them alone: " + Row.time(read.median())
                                + "), against MLlib's perceptron",
                        ours.median(),
                        theirs.median(),
                        5),
                Row.within(ofSql, "the same by functions of SQL, against `transform`", sql.median(), ours.median(), 1.3));
    }

    private static Dataset<org.apache.spark.sql.Row> wanted(Dataset<org.apache.spark.sql.Row> scored) {
        return scored.select("prediction", "probability");
    }

    private static double seconds(Dataset<org.apache.spark.sql.Row> scored) {
        long start = System.nanoTime();
        scored.write().format("noop").mode("overwrite").save();
        return (System.nanoTime() - start) / 1e9;
    }
}
