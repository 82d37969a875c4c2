package dev.kindling.benchmarks;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.negative;

import dev.kindling.data.files.Split;
import dev.kindling.ml.KindlingClassifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows 22: programs for MLlib's perceptron, and the same with KindlingClassifier in its place: the data of MLlib's own suite, and
 * MNIST. A higher loss does not count.
 */
final class InPlaceOfThePerceptron {
    private InPlaceOfThePerceptron() {}

    static List<Row> rows(Bench bench) {
        SparkSession spark = bench.spark();
        List<Row> rows = new ArrayList<>();
        rows.add(compare("22", "XOR, 2-5-2", xor(spark), 123, 100, 0, 2, 5, 2));
        rows.add(compare("22 b", "4 rows of which two contradict each other, 4-5-2", contradiction(spark), 123, 100, 0, 4, 5, 2));
        rows.add(compare("22 c", "1,000 rows of 3 classes, 4-5-4-3", multinomial(spark), 11, 100, 0, 4, 5, 4, 3));
        if (!bench.quick()) {
            rows.add(compare("22 d", "MNIST, 784-10-10", mnist(spark), 1, 100, 20, Mnist.FEATURES, 10, Mnist.CLASSES));
            rows.add(compare("22 e", "MNIST, 784-100-10", mnist(spark), 1, 20, 20, Mnist.FEATURES, 100, Mnist.CLASSES));
        }
        return rows;
    }

    /**
     * One row.
     *
     * @param iterations of the perceptron; ours takes as many as bring it to the same loss, which a run before it finds
     * @param times so many times faster ours is to be; 0 for a loss that is to be no higher, in any time
     */
    private static Row compare(
            String number,
            String what,
            Dataset<org.apache.spark.sql.Row> table,
            long seed,
            int iterations,
            int times,
            int... layers) {
        table.cache().count();
        Fit perceptron = fit(
                new MultilayerPerceptronClassifier()
                        .setLayers(layers)
                        .setSeed(seed)
                        .setMaxIter(iterations),
                table);
        KindlingClassifier ours =
                new KindlingClassifier().setLayers(layers).setSeed(seed).setMaxIter(iterations);
        double[] losses = ours.fit(table).summary().objectiveHistory();
        int needed = 1; // the first iteration sees the loss of random parameters, and so on
        while (needed < losses.length - 1 && losses[needed - 1] > perceptron.loss) {
            needed++;
        }
        Fit kindling = fit(ours.setMaxIter(needed), table);
        table.unpersist();
        String text = String.format(
                Locale.ROOT,
                "%s: %d iterations to loss %.4g (%.4g after %d), against %d of the perceptron to %.4g",
                what,
                needed,
                kindling.loss,
                losses[losses.length - 1],
                losses.length - 1,
                iterations,
                perceptron.loss);
        double seconds = kindling.loss <= perceptron.loss ? kindling.seconds : Double.POSITIVE_INFINITY;
        Row row = Row.faster(number, text, seconds, perceptron.seconds, times);
        return times > 0
                ? row
                : new Row(number, text, row.ours(), row.theirs(), row.ratio(), "no higher loss", row.met());
    }

    private static Fit fit(Predictor<Vector, ?, ?> predictor, Dataset<org.apache.spark.sql.Row> table) {
        long start = System.nanoTime();
        PredictionModel<Vector, ?> model = predictor.fit(table);
        double seconds = (System.nanoTime() - start) / 1e9;
        Column probability = element_at(
                vector_to_array(col("probability"), "float64"),
                col("label").cast("int").plus(1));
        double loss = model.transform(table)
                .select(avg(negative(log(probability))))
                .first()
                .getDouble(0);
        return new Fit(seconds, loss);
    }

    private record Fit(double seconds, double loss) {}

    private static Dataset<org.apache.spark.sql.Row> table(SparkSession spark, double[]... rows) {
        List<org.apache.spark.sql.Row> all = new ArrayList<>();
        for (double[] row : rows) {
            double[] features = new double[row.length - 1];
            System.arraycopy(row, 0, features, 0, features.length);
            all.add(RowFactory.create(Vectors.dense(features), row[features.length]));
        }
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);
        return spark.createDataFrame(all, schema);
    }

    private static Dataset<org.apache.spark.sql.Row> xor(SparkSession spark) {
        return table(
                spark,
                new double[] {0, 0, 0},
                new double[] {0, 1, 1},
                new double[] {1, 0, 1},
                new double[] {1, 1, 0});
    }

    private static Dataset<org.apache.spark.sql.Row> contradiction(SparkSession spark) {
        return table(
                spark,
                new double[] {1, 2, 3, 4, 0},
                new double[] {4, 3, 2, 1, 1},
                new double[] {1, 1, 1, 1, 0},
                new double[] {1, 1, 1, 1, 1});
    }

    /** Drawn as MLlib's suite draws them: numbers of a normal distribution, and labels by a logistic model of them. */
    private static Dataset<org.apache.spark.sql.Row> multinomial(SparkSession spark) {
        double[][] coefficients = {
            {-0.57997, 0.912083, -0.371077, -0.819866, 2.688191}, {-0.16624, -0.84355, -0.048509, -0.301789, 4.170682}
        };
        double[] mean = {5.843, 3.057, 3.758, 1.199};
        double[] variance = {0.6856, 0.1899, 3.116, 0.581};
        Random random = new Random(1);
        double[][] rows = new double[1_000][];
        for (int k = 0; k < rows.length; k++) {
            double[] row = new double[mean.length + 1];
            for (int i = 0; i < mean.length; i++) {
                row[i] = random.nextGaussian() * Math.sqrt(variance[i]) + mean[i];
            }
            row[mean.length] = label(coefficients, row, random.nextDouble());
            rows[k] = row;
        }
        return table(spark, rows);
    }

    /** Class 0 has the margin 0, each other class that of its coefficients, the last of which has no number beside it. */
    private static int label(double[][] coefficients, double[] row, double drawn) {
        double[] weights = new double[coefficients.length + 1];
        weights[0] = 1;
        double all = 1;
        for (int c = 0; c < coefficients.length; c++) {
            double margin = coefficients[c][row.length - 1];
            for (int i = 0; i < row.length - 1; i++) {
                margin += coefficients[c][i] * row[i];
            }
            weights[c + 1] = Math.exp(margin);
            all += weights[c + 1];
        }
        int label = 0;
        for (double left = drawn * all - weights[0]; left > 0 && label < weights.length - 1; left -= weights[label]) {
            label++;
        }
        return label;
    }

    private static Dataset<org.apache.spark.sql.Row> mnist(SparkSession spark) {
        return Kindling.open(spark, Split.TRAIN)
                .rows()
                .select(
                        array_to_vector(col("features")).as("features"),
                        col("label").cast("double"));
    }
}
