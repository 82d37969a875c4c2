package dev.kindling.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.error.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A confusion matrix and its metrics, as text for people and as JSON for programs. */
public final class EvaluationReport {
    /** Of more classes than this nobody reads a square of cells: the text has the worst, and the JSON the cells that occur. */
    private static final int MOST_CLASSES = 50;

    /** So many of the worst pairs and classes are shown, and so many names in a line. */
    private static final int SHOWN = 20;

    private EvaluationReport() {}

    /** Whether the text leaves something out, which the JSON has. */
    public static boolean isCut(ConfusionMatrix matrix) {
        return matrix.classes() > MOST_CLASSES;
    }

    /** Several lines, without a line end at the end. */
    public static String text(ConfusionMatrix evaluated) {
        ConfusionMatrix matrix = printable(evaluated);
        StringBuilder text = new StringBuilder();
        text.append(format(
                "accuracy %.2f %% (%,d of %,d rows), macro-averaged recall %.2f %%%n",
                100 * matrix.accuracy(), matrix.correct(), matrix.total(), 100 * matrix.macroRecall()));
        List<Integer> never = matrix.neverPredicted();
        if (!never.isEmpty()) {
            text.append("never predicted: ").append(names(matrix, never)).append('\n');
        }
        text.append('\n');
        if (isCut(matrix)) {
            appendWorstPairs(text, matrix);
        } else {
            appendSquare(text, matrix);
        }
        long[][] binary = matrix.binary();
        text.append("\n\nbinary confusion matrix, summed over the classes: [[TP, FN], [FP, TN]]\n");
        text.append(format("  [[%d, %d], [%d, %d]]%n%n", binary[0][0], binary[0][1], binary[1][0], binary[1][1]));
        appendClasses(text, matrix);
        return text.toString();
    }

    /** With names that break no line: they are whatever a table had. */
    private static ConfusionMatrix printable(ConfusionMatrix matrix) {
        List<String> names = IntStream.range(0, matrix.classes())
                .mapToObj(c -> Printable.of(matrix.name(c)))
                .toList();
        return new ConfusionMatrix(names, matrix.cells());
    }

    private static String names(ConfusionMatrix matrix, List<Integer> classes) {
        String some = classes.stream().limit(SHOWN).map(matrix::name).collect(Collectors.joining(", "));
        int more = classes.size() - SHOWN;
        return (classes.size() == 1 ? "class " : "classes ") + some + (more > 0 ? format(" and %,d more", more) : "");
    }

    /** How wide a column of names has to be. */
    private static int width(ConfusionMatrix matrix) {
        return IntStream.range(0, matrix.classes())
                .map(c -> matrix.name(c).length())
                .max()
                .orElse(0);
    }

    private static void appendSquare(StringBuilder text, ConfusionMatrix matrix) {
        int classes = matrix.classes();
        int width = Math.max(6, Math.max(String.valueOf(matrix.total()).length(), width(matrix)) + 1);
        String cell = "%" + width + "s";
        long[][] counts = matrix.counts();
        text.append("confusion matrix: actual down, predicted across\n");
        text.append(format(cell, ""));
        for (int c = 0; c < classes; c++) {
            text.append(format(cell, matrix.name(c)));
        }
        text.append(format(cell, "total")).append('\n');
        for (int actual = 0; actual < classes; actual++) {
            text.append(format(cell, matrix.name(actual)));
            for (int predicted = 0; predicted < classes; predicted++) {
                text.append(format(cell, counts[actual][predicted]));
            }
            text.append(format(cell, matrix.actual(actual))).append('\n');
        }
        text.append(format(cell, "total"));
        for (int c = 0; c < classes; c++) {
            text.append(format(cell, matrix.predicted(c)));
        }
        text.append(format(cell, matrix.total()));
    }

    private static void appendWorstPairs(StringBuilder text, ConfusionMatrix matrix) {
        List<ConfusionMatrix.Cell> mistakes = matrix.mistakes();
        text.append(format(
                "%,d classes, %,d of them with rows; %,d pairs of classes confused, those with the most rows first%n",
                matrix.classes(), matrix.occurring().size(), mistakes.size()));
        int width = Math.max(6, width(matrix));
        text.append(format("%" + width + "s  %" + Math.max(9, width) + "s    rows", "actual", "predicted"));
        for (ConfusionMatrix.Cell cell : mistakes.subList(0, Math.min(SHOWN, mistakes.size()))) {
            text.append(format(
                    "%n%" + width + "s  %" + Math.max(9, width) + "s  %6d",
                    matrix.name(cell.actual()),
                    matrix.name(cell.predicted()),
                    cell.rows()));
        }
        appendMore(text, mistakes.size());
    }

    private static void appendClasses(StringBuilder text, ConfusionMatrix matrix) {
        List<Integer> shown = IntStream.range(0, matrix.classes()).boxed().toList();
        if (isCut(matrix)) {
            shown = matrix.occurring().stream()
                    .sorted(Comparator.comparingDouble(matrix::recall))
                    .toList();
            text.append("classes with the lowest recall first\n");
        }
        int width = Math.max(6, width(matrix));
        text.append(format("%" + width + "s  precision  recall      F1    rows", "class"));
        for (int c : isCut(matrix) ? shown.subList(0, Math.min(SHOWN, shown.size())) : shown) {
            text.append(format(
                    "%n%" + width + "s  %9s  %6s  %6s  %6d",
                    matrix.name(c),
                    share(matrix.precision(c)),
                    share(matrix.recall(c)),
                    share(matrix.f1(c)),
                    matrix.actual(c)));
        }
        if (isCut(matrix)) {
            appendMore(text, shown.size());
        }
    }

    private static void appendMore(StringBuilder text, int of) {
        if (of > SHOWN) {
            text.append(format("%nand %,d more", of - SHOWN));
        }
    }

    /**
     * The same as one JSON object, with all of it; a metric that is not defined is null. Of more than
     * {@value #MOST_CLASSES} classes it has the cells that occur instead of the square: [actual, predicted, rows].
     */
    public static byte[] json(ConfusionMatrix matrix) throws IOException {
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int c = 0; c < matrix.classes(); c++) {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("class", c);
            if (!matrix.name(c).equals(String.valueOf(c))) {
                metrics.put("name", matrix.name(c));
            }
            metrics.put("rows", matrix.actual(c));
            metrics.put("precision", finite(matrix.precision(c)));
            metrics.put("recall", finite(matrix.recall(c)));
            metrics.put("f1", finite(matrix.f1(c)));
            classes.add(metrics);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("rows", matrix.total());
        report.put("correct", matrix.correct());
        report.put("accuracy", matrix.accuracy());
        report.put("macroRecall", finite(matrix.macroRecall()));
        report.put("neverPredicted", matrix.neverPredicted());
        if (isCut(matrix)) {
            report.put(
                    "confusionCells",
                    matrix.cells().stream()
                            .map(cell -> new long[] {cell.actual(), cell.predicted(), cell.rows()})
                            .toList());
        } else {
            report.put("confusionMatrix", matrix.counts());
        }
        report.put("binaryConfusionMatrix", matrix.binary());
        report.put("classes", classes);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
    }

    private static Double finite(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "-" : format("%.4f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
