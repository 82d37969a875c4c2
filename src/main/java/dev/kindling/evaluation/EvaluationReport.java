package dev.kindling.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A confusion matrix and its metrics, as text for people and as JSON for programs. */
public final class EvaluationReport {
    private EvaluationReport() {}

    /** Several lines, without a line end at the end. */
    public static String text(ConfusionMatrix matrix) {
        int classes = matrix.classes();
        int width = Math.max(6, String.valueOf(matrix.total()).length() + 1);
        String cell = "%" + width + "s";
        StringBuilder text = new StringBuilder();
        text.append(format(
                "accuracy %.2f %% (%,d of %,d rows)%n%n", 100 * matrix.accuracy(), matrix.correct(), matrix.total()));
        text.append("confusion matrix: actual down, predicted across\n");
        text.append(format(cell, ""));
        for (int c = 0; c < classes; c++) {
            text.append(format(cell, c));
        }
        text.append(format(cell, "total")).append('\n');
        for (int actual = 0; actual < classes; actual++) {
            text.append(format(cell, actual));
            for (int predicted = 0; predicted < classes; predicted++) {
                text.append(format(cell, matrix.counts()[actual][predicted]));
            }
            text.append(format(cell, matrix.actual(actual))).append('\n');
        }
        text.append(format(cell, "total"));
        for (int c = 0; c < classes; c++) {
            text.append(format(cell, matrix.predicted(c)));
        }
        text.append(format(cell, matrix.total())).append("\n\n");
        long[][] binary = matrix.binary();
        text.append("binary confusion matrix, summed over the classes: [[TP, FN], [FP, TN]]\n");
        text.append(format("  [[%d, %d], [%d, %d]]%n%n", binary[0][0], binary[0][1], binary[1][0], binary[1][1]));
        text.append(" class  precision  recall      F1    rows");
        for (int c = 0; c < classes; c++) {
            text.append(format(
                    "%n%6d  %9s  %6s  %6s  %6d",
                    c, share(matrix.precision(c)), share(matrix.recall(c)), share(matrix.f1(c)), matrix.actual(c)));
        }
        return text.toString();
    }

    /** The same as one JSON object; a metric that is not defined is null. */
    public static byte[] json(ConfusionMatrix matrix) throws IOException {
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int c = 0; c < matrix.classes(); c++) {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("class", c);
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
        report.put("confusionMatrix", matrix.counts());
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
