package dev.kindling.benchmarks;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.data.files.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * Rows 25 to 25 d: MNIST images from Parquet, as vectors of Spark ML, predicted to no output. The number of rows is 6,000,000, or what
 * {@value #ROWS} of the environment says: the training images, repeated.
 */
final class ScoredImages {
    private static final String ROWS = "SCORED_ROWS";
    private static final int IMAGES = 60_000;
    /** Few steps, as it does not matter what is predicted. */
    private static final int STEPS = 20;

    private ScoredImages() {}

    static List<Row> rows(Bench bench) {
        String given = System.getenv(ROWS);
        int count = given != null ? Integer.parseInt(given) : bench.quick() ? IMAGES : 100 * IMAGES;
        Dataset<org.apache.spark.sql.Row> table = table(bench.spark(), count);
        List<Row> rows = new ArrayList<>();
        rows.addAll(rows(bench, table, count, "25", "25 b", Mnist.FEATURES, 10, Mnist.CLASSES));
        rows.addAll(rows(bench, table, count, "25 c", "25 d", Mnist.FEATURES, 100, Mnist.CLASSES));
        return rows;
    }

    private static Dataset<org.apache.spark.sql.Row> table(SparkSession spark, int count) {
        String path = Repository.path("benchmarks/target/scored-" + count).toString();
        Dataset<org.apache.spark.sql.Row> images = Kindling.open(spark, Split.TRAIN)
                .rows()
                .select(col("label"), array_to_vector(col("features")).as("features"));
        spark.range(0, (count + IMAGES - 1) / IMAGES, 1, 16)
                .crossJoin(images)
                .drop("id")
                .limit(count)
                .write()
                .mode("overwrite")
                .parquet(path);
        return spark.read().parquet(path);
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
        Alternation.Contestant theirs = alternation.add(() -> seconds(wanted(perceptron.transform(table))));
        alternation.warmUp(1);
        alternation.run(bench.repetitions());
        String what = String.format(Locale.ROOT, "%,d MNIST rows from Parquet, %d-%d-%d", count, layers[0], layers[1], layers[2]);
        return List.of(
                Row.faster(
                        number,
                        "`transform` of " + what + ", against MLlib's perceptron",
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
