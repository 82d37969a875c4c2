package dev.kindling.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows 20 to 20 g: a table of ten million rows of 20 columns, in Parquet. Each contestant has a JVM of its own. */
final class TenMillionRows {
    private static final List<String> OPTIONS = new ArrayList<>(FreshJvm.NO_NATIVE_BLAS);

    static {
        OPTIONS.addAll(List.of("--driver-memory", "12g"));
    }

    private TenMillionRows() {}

    static List<Row> rows(Bench bench) {
        int count = bench.quick() ? 200_000 : 10_000_000;
        String path = Repository.path("benchmarks/target/table-" + count).toString();
        TableContestant.write(bench.spark(), path, count);
        Outcome ours = outcome(TableContestant.KINDLING, path);
        Outcome usual = outcome(TableContestant.KINDLING_DEFAULTS, path);
        Outcome perceptron = outcome(TableContestant.PERCEPTRON, path);
        Outcome logistic = outcome(TableContestant.LOGISTIC, path);
        String rows = String.format(Locale.ROOT, "%,d rows of %d columns", count, TableContestant.COLUMNS);
        String network = TableContestant.COLUMNS + "-" + TableContestant.HIDDEN + "-2";
        return List.of(
                // A loss that is higher does not count.
                Row.faster(
                        "20",
                        "`fit` on " + rows + ", " + network + " (loss " + ours.nats()
                                + "), against MLlib's perceptron (" + perceptron.nats() + ")",
                        ours.loss <= perceptron.loss ? ours.fit : Double.POSITIVE_INFINITY,
                        perceptron.fit,
                        20),
                compared("20 b", "the same with no setting (loss " + usual.nats() + ")", usual.fit, perceptron.fit),
                compared(
                        "20 c",
                        "the same, against MLlib's LogisticRegression (loss " + logistic.nats() + ")",
                        usual.fit,
                        logistic.fit),
                Row.faster(
                        "20 d",
                        "`transform` of these rows, " + network + ", against the perceptron",
                        ours.transform,
                        perceptron.transform,
                        1),
                compared("20 e", "the same, against LogisticRegression", ours.transform, logistic.transform),
                memory("20 f", "Spark's memory in use, at most, in `fit`, against the perceptron", ours, perceptron),
                memory("20 g", "the same, against LogisticRegression", ours, logistic));
    }

    private static Row compared(String number, String what, double ours, double theirs) {
        return new Row(number, what, Row.time(ours), Row.time(theirs), Row.number(theirs / ours), Row.NONE, Row.NONE);
    }

    private static Row memory(String number, String what, Outcome ours, Outcome theirs) {
        return new Row(
                number,
                what,
                Row.number(ours.memory / 1e6) + " MB",
                Row.number(theirs.memory / 1e6) + " MB",
                Row.number(ours.memory / theirs.memory),
                Row.NONE,
                Row.NONE);
    }

    private static Outcome outcome(String contestant, String path) {
        ProcessBuilder builder = FreshJvm.submit(TableContestant.class, OPTIONS, contestant, path);
        builder.environment().put("SPARK_HOME", System.getenv("SPARK_HOME")); // the one with MLlib
        List<FreshJvm.Line> lines = FreshJvm.lines(builder);
        double[] numbers = FreshJvm.first(lines, TableContestant.OUTCOME).numbers();
        return new Outcome(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /**
     * What a contestant did.
     *
     * @param fit seconds
     * @param memory bytes that Spark's memory manager had given away in it, at most
     * @param loss mean cross-entropy of all rows, in nats
     * @param transform seconds for all rows
     */
    private record Outcome(double fit, double memory, double loss, double transform) {
        String nats() {
            return String.format(Locale.ROOT, "%.4f", loss);
        }
    }
}
