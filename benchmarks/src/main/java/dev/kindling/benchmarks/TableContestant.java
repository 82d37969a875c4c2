package dev.kindling.benchmarks;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.negative;
import static org.apache.spark.sql.functions.randn;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import java.io.IOException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One that trains on a table as its users would, and predicts it. */
public final class TableContestant {
    /** What the line with the figures starts with. */
    static final String OUTCOME = "outcome";

    static final String KINDLING = "kindling";
    static final String KINDLING_DEFAULTS = "kindling-defaults";
    static final String PERCEPTRON = "perceptron";
    static final String LOGISTIC = "logistic";

    static final int COLUMNS = 20;
    static final int HIDDEN = 16;
    private static final int FILES = 16;
    private static final int TRANSFORMS = 3;
    private static final String LABEL = "label";

    private TableContestant() {}

    /**
     * Writes a table of two classes whose border is not a plane, with columns of different scales.
     *
     * @param path replaced if it is there
     */
    static void write(SparkSession spark, String path, int rows) {
        Dataset<Row> table = spark.range(0, rows, 1, FILES).toDF();
        for (int k = 0; k < COLUMNS; k++) {
            table = table.withColumn("z" + k, randn(k));
        }
        Column[] columns = new Column[COLUMNS + 1];
        for (int k = 0; k < COLUMNS; k++) {
            columns[k] = col("z" + k)
                    .multiply(Math.pow(10, k % 5 - 2))
                    .plus(100 * (k % 3))
                    .as(name(k));
        }
        columns[COLUMNS] =
                expr("z0 * z1 + sin(2 * z2) + abs(z3) - 0.8 + 0.5 * (z4 + z5 - z6 + z7) + 0.5 * randn(99) > 0")
                        .cast("int")
                        .as(LABEL);
        table.select(columns).write().mode("overwrite").parquet(path);
    }

    private static String name(int column) {
        return "c" + column;
    }

    /** @param arguments who, and the path of the table */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            Dataset<Row> table = spark.read().parquet(arguments[1]);
            read(table); // as if it had been looked at before
            Memory memory = new Memory();
            memory.start();
            long start = System.nanoTime();
            Fitted model = fit(arguments[0], table);
            double fit = (System.nanoTime() - start) / 1e9;
            memory.interrupt();
            memory.join();
            double loss = model.transform
                    .apply(table)
                    .select(avg(negative(
                            log(element_at(model.probabilities, col(LABEL).plus(1))))))
                    .first()
                    .getDouble(0);
            double[] transforms = new double[TRANSFORMS];
            for (int k = 0; k < TRANSFORMS; k++) {
                start = System.nanoTime();
                read(model.transform.apply(table));
                transforms[k] = (System.nanoTime() - start) / 1e9;
            }
            System.out.printf(
                    Locale.ROOT, "%s %f %d %f %f%n", OUTCOME, fit, memory.most, loss, Alternation.median(transforms));
        }
    }

    private static void read(Dataset<Row> rows) {
        rows.write().format("noop").mode("overwrite").save();
    }

    private static Fitted fit(String who, Dataset<Row> table) {
        return switch (who) {
            case KINDLING -> kindling(new Classifier().hiddenLayers(HIDDEN).fit(table));
            case KINDLING_DEFAULTS -> kindling(new Classifier().fit(table));
            case PERCEPTRON ->
                mllib(
                        new MultilayerPerceptronClassifier()
                                .setLayers(new int[] {COLUMNS, HIDDEN, 2})
                                .setSeed(1)
                                .setFeaturesCol(Mllib.SCALED),
                        table);
            case LOGISTIC -> mllib(new LogisticRegression().setFeaturesCol(Mllib.SCALED), table);
            default -> throw new IllegalArgumentException(who);
        };
    }

    private static Fitted kindling(ClassifierModel model) {
        return new Fitted(model::transform, col(ClassifierModel.PROBABILITY));
    }

    private static Fitted mllib(PipelineStage last, Dataset<Row> table) {
        String[] names =
                IntStream.range(0, COLUMNS).mapToObj(TableContestant::name).toArray(String[]::new);
        PipelineModel model = Mllib.behindScaler(names, last).fit(table);
        return new Fitted(model::transform, vector_to_array(col("probability"), "float64"));
    }

    /** What fits and predicts, and where the probabilities of label 0 and 1 are. */
    private record Fitted(UnaryOperator<Dataset<Row>> transform, Column probabilities) {}

    /** Looks how much memory Spark has given away, until it is interrupted. */
    private static final class Memory extends Thread {
        private static final int MILLISECONDS = 50;

        private long most;

        @Override
        public void run() {
            MemoryManager memory = SparkEnv.get().memoryManager();
            try {
                while (true) {
                    most = Math.max(most, memory.storageMemoryUsed() + memory.executionMemoryUsed());
                    Thread.sleep(MILLISECONDS);
                }
            } catch (InterruptedException e) {
                // That is the end.
            }
        }
    }
}
