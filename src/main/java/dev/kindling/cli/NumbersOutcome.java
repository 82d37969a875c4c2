package dev.kindling.cli;

import dev.kindling.network.Standardisation;
import dev.kindling.network.Trace;
import dev.kindling.storage.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The numbers that a regression predicts, beside those that are true.
 *
 * @param actual shape (outputs): in their own scale
 */
record NumbersOutcome(Names names, Trace trace, Targets targets, double[] actual) implements Outcome {
    /** Of so many targets there is a line, and a column of contributions. */
    private static final int MOST = 4;

    private int last() {
        return trace.architecture().layers() - 1;
    }

    private double predicted(int target) {
        Standardisation scale = targets.standardisation();
        return trace.sumsOf(last())[target] * scale.deviation()[target] + scale.shift()[target];
    }

    /** The targets that are told of: those with the largest errors, if there are many. */
    private int[] shown() {
        double[] errors = sizes();
        return IntStream.range(0, actual.length)
                .boxed()
                .sorted(Comparator.comparing(k -> -errors[k]))
                .limit(MOST)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private String joined(String separator, IntFunction<String> text) {
        String more = actual.length > MOST ? " and " + (actual.length - MOST) + " more" : "";
        return Arrays.stream(shown()).mapToObj(text).collect(Collectors.joining(separator)) + more;
    }

    @Override
    public String name(int unit) {
        return names.output(unit);
    }

    @Override
    public String unit(int unit) {
        return "target " + name(unit);
    }

    @Override
    public String truth() {
        return joined(", ", k -> name(k) + " " + Digits.of(actual[k], 7));
    }

    @Override
    public String title() {
        return ": "
                + joined(
                        "; ",
                        k -> name(k) + " predicted " + Digits.of(predicted(k), 6) + ", is " + Digits.of(actual[k], 6));
    }

    @Override
    public String subtitle() {
        return String.format(
                Locale.ROOT, "loss = sum of (z - t)\u00b2 / 2 = %.4g, of standardised targets", trace.loss());
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int k : shown()) {
            lines.add("prediction " + name(k) + " " + Digits.of(predicted(k), 7) + ", is " + Digits.of(actual[k], 7));
        }
        if (actual.length > MOST) {
            lines.add("and " + (actual.length - MOST) + " more; those above have the largest errors");
        }
        lines.add(String.format(
                Locale.ROOT, "loss = sum of (z - t)^2 / 2 = %.8f, of standardised targets", trace.loss()));
        return lines;
    }

    @Override
    public String formulas() {
        return "z = a W + b, t the standardised target, delta = z - t";
    }

    @Override
    public String kind() {
        return "target";
    }

    @Override
    public Beside beside() {
        double[] standardised = IntStream.range(0, actual.length)
                .mapToDouble(k -> targets.standardisation().of(k, actual[k]))
                .toArray();
        return new Beside("targets t", "t", "standardised", standardised);
    }

    @Override
    public String delta() {
        return "delta = z - t";
    }

    @Override
    public int marked() {
        return -1;
    }

    @Override
    public double[] sizes() {
        return Arrays.stream(trace.deltasOf(last())).map(Math::abs).toArray();
    }

    @Override
    public String largest() {
        return "error";
    }

    /** Each target in its own scale. */
    @Override
    public List<Measure> measures() {
        return Arrays.stream(shown())
                .mapToObj(k -> {
                    double[] factors = new double[actual.length];
                    factors[k] = targets.standardisation().deviation()[k];
                    return new Measure(
                            name(k), factors, targets.standardisation().shift()[k]);
                })
                .toList();
    }
}
