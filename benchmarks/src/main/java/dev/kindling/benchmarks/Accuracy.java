package dev.kindling.benchmarks;

import static org.apache.spark.sql.functions.col;

import dev.kindling.Classifier;
import dev.kindling.Regressor;
import dev.kindling.data.tables.Missing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;

/**
 * Rows 21: how good the settings are that nobody chose, on the data sets that data_sets.py has made in the directory DATA_SETS. The
 * score is the mean of the folds: of the accuracy, or of R2.
 */
final class Accuracy {
    private static final String FOLD = "fold";
    private static final String LABEL = "label";
    private static final String TARGET = "target";
    private static final List<String> CLASSIFIERS = List.of("logistic", "mlp");
    private static final List<String> REGRESSORS = List.of("ridge", "mlp");
    /** In points of a hundred. */
    private static final double BAR = -0.5;

    private Accuracy() {}

    static List<Row> rows(Bench bench) {
        String directory = System.getenv("DATA_SETS");
        if (directory == null) {
            return List.of(Row.notRun("21", "accuracy without settings", "needs data sets: DATA_SETS=/path/to/them"));
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            List<Row> rows = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .toList()) {
                Row row = row(bench, file);
                System.err.println(row);
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(Bench bench, Path file) {
        Dataset<org.apache.spark.sql.Row> table =
                bench.spark().read().parquet(file.toString()).cache();
        boolean classes = Arrays.asList(table.columns()).contains(LABEL);
        double ours = score(table, classes ? Accuracy::classifier : Accuracy::regressor);
        Map<String, Double> theirs = new LinkedHashMap<>();
        if (!bench.quick() && bench.numpy().isPresent()) {
            for (String method : classes ? CLASSIFIERS : REGRESSORS) {
                theirs.put(method, mean(bench.numpy().get().ask("folds", method, file.toAbsolutePath())));
            }
        }
        if (!bench.quick() && classes) {
            theirs.put("MLlib", score(table, Accuracy::perceptron));
        }
        String name = file.getFileName().toString().replace(".parquet", "");
        String what = String.format(
                Locale.ROOT,
                "%s: %,d rows, %d columns%s",
                name,
                table.count(),
                table.columns().length - 2,
                classes ? ", " + table.select(LABEL).distinct().count() + " classes" : ", a number");
        table.unpersist();
        if (theirs.isEmpty()) {
            return new Row("21", what, percent(ours), Row.NONE, Row.NONE, Row.NONE, Row.NONE);
        }
        double best =
                theirs.values().stream().mapToDouble(Double::doubleValue).max().getAsDouble();
        double difference = 100 * (ours - best);
        return new Row(
                "21",
                what,
                percent(ours),
                String.join(
                        ", ",
                        theirs.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + percent(entry.getValue()))
                                .toList()),
                String.format(Locale.ROOT, "%+.2f", difference),
                "≥ " + BAR,
                Row.yes(difference >= BAR));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }

    /** Trains on all folds but one and predicts that one, for each; a set with two folds has its own test set, which is fold 0. */
    private static double score(
            Dataset<org.apache.spark.sql.Row> table,
            ToDoubleBiFunction<Dataset<org.apache.spark.sql.Row>, Dataset<org.apache.spark.sql.Row>> method) {
        long folds = table.select(FOLD).distinct().count();
        double[] scores = new double[folds == 2 ? 1 : (int) folds];
        for (int fold = 0; fold < scores.length; fold++) {
            scores[fold] = method.applyAsDouble(
                    table.where(col(FOLD).notEqual(fold)).drop(FOLD),
                    table.where(col(FOLD).equalTo(fold)).drop(FOLD));
        }
        return mean(scores);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().getAsDouble();
    }

    private static double classifier(Dataset<org.apache.spark.sql.Row> train, Dataset<org.apache.spark.sql.Row> test) {
        return new Classifier().fit(train).evaluate(test, Missing.ERROR).accuracy();
    }

    private static double regressor(Dataset<org.apache.spark.sql.Row> train, Dataset<org.apache.spark.sql.Row> test) {
        return new Regressor()
                .target(TARGET)
                .fit(train)
                .evaluate(test, Missing.ERROR)
                .get(0)
                .r2();
    }

    private static double perceptron(Dataset<org.apache.spark.sql.Row> train, Dataset<org.apache.spark.sql.Row> test) {
        String[] inputs =
                Stream.of(train.columns()).filter(name -> !name.equals(LABEL)).toArray(String[]::new);
        int classes = (int) train.select(LABEL).distinct().count();
        return new MulticlassClassificationEvaluator()
                .setLabelCol("index")
                .setMetricName("accuracy")
                .evaluate(new Pipeline()
                        .setStages(new PipelineStage[] {
                            new StringIndexer().setInputCol(LABEL).setOutputCol("index"),
                            Mllib.behindScaler(
                                    inputs,
                                    new MultilayerPerceptronClassifier()
                                            .setLayers(new int[] {inputs.length, 100, classes})
                                            .setSeed(1)
                                            .setLabelCol("index")
                                            .setFeaturesCol(Mllib.SCALED))
                        })
                        .fit(train)
                        .transform(test));
    }
}
