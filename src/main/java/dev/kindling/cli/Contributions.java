package dev.kindling.cli;

import dev.kindling.network.Trace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much of what came out of a network each input has brought: the input, standardised, times the slope of the output. As long as no
 * hidden unit goes on or off the network is linear, so the contributions and what the biases bring add up to the output. That answers
 * why a row is predicted as it is, which the gradient of the loss alone does not: an input may be steep and near its mean.
 */
final class Contributions {
    /** Of more inputs than this, those that contribute most are printed. */
    private static final int MOST_INPUTS = 20;

    private final Subject subject;
    private final List<Outcome.Measure> measures;
    /** Of each measure, shape (inputs). */
    private final List<double[]> parts;

    Contributions(Subject subject) {
        this.subject = subject;
        this.measures = subject.outcome().measures();
        this.parts = measures.stream()
                .map(measure -> parts(subject, subject.trace().slopes(measure.factors())))
                .toList();
    }

    private static double[] parts(Subject subject, double... slopes) {
        return IntStream.range(0, slopes.length)
                .mapToDouble(i -> slopes[i] * subject.features()[i])
                .toArray();
    }

    /** The inputs that contribute most to any of the measures, each compared with what the others contribute there. */
    private int[] shown() {
        double[] sizes = parts.stream()
                .mapToDouble(each -> Arrays.stream(each).map(Math::abs).sum())
                .toArray();
        ToDoubleFunction<Integer> share = i -> IntStream.range(0, sizes.length)
                .mapToDouble(m -> sizes[m] == 0 ? 0 : Math.abs(parts.get(m)[i]) / sizes[m])
                .max()
                .orElse(0);
        return IntStream.range(0, subject.features().length)
                .boxed()
                .sorted(Comparator.comparingDouble(share).reversed())
                .limit(MOST_INPUTS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /**
     * Prints a line for each input, and how they add up.
     *
     * @param values shape (inputs): as they are in the table
     */
    void print(double... values) {
        int[] shown = shown();
        String total = measures.size() == 1 ? measures.get(0).name() : "prediction";
        NameColumn names = NameColumn.of(Stream.concat(
                Stream.of("without inputs", total), IntStream.of(shown).mapToObj(subject.names()::input)));
        System.out.printf(
                "%ninputs: x is the value standardised, and a contribution is x times the slope of %s%n",
                measures.size() == 1 ? total : "each prediction");
        line(
                names.of("input"),
                "value",
                "x",
                m -> measures.size() == 1
                        ? "contribution"
                        : "to " + measures.get(m).name());
        for (int i : shown) {
            numbers(
                    names.of(subject.names().input(i)),
                    Digits.of(values[i], 12),
                    String.format(Locale.ROOT, "%.4f", subject.features()[i]),
                    m -> parts.get(m)[i]);
        }
        int more = values.length - shown.length;
        if (more > 0) {
            double[] others = IntStream.range(0, measures.size())
                    .mapToDouble(m -> sum(m)
                            - Arrays.stream(shown)
                                    .mapToDouble(i -> parts.get(m)[i])
                                    .sum())
                    .toArray();
            numbers(names.of(more + " more"), "", "", m -> others[m]);
        }
        Trace trace = subject.trace();
        double[] sums = trace.sumsOf(trace.architecture().layers() - 1);
        numbers(names.of("without inputs"), "", "", m -> measures.get(m).of(sums) - sum(m));
        numbers(names.of(total), "", "", m -> measures.get(m).of(sums));
    }

    private double sum(int measure) {
        return Arrays.stream(parts.get(measure)).sum();
    }

    /** A line with a number for each measure. */
    private void numbers(String name, String value, String x, IntToDoubleFunction number) {
        line(name, value, x, m -> String.format(Locale.ROOT, pattern(m), number.applyAsDouble(m)));
    }

    /** Of the largest contribution six digits, and as many decimals for the others. */
    private String pattern(int measure) {
        double most = Arrays.stream(parts.get(measure)).map(Math::abs).max().orElse(0);
        int decimals = most == 0 ? 0 : 5 - (int) Math.floor(Math.log10(most));
        return decimals > 10 || decimals < -6 ? "%+.5e" : "%+." + Math.max(0, decimals) + "f";
    }

    private void line(String name, String value, String x, IntFunction<String> cell) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %s  %14s  %9s", name, value, x));
        for (int m = 0; m < measures.size(); m++) {
            line.append("  ").append(new NameColumn(16).of(cell.apply(m)));
        }
        System.out.println(line.toString().stripTrailing());
    }
}
