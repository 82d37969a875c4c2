package dev.kindling.cli;

import dev.kindling.evaluation.ShardSum;
import dev.kindling.network.Trace;
import dev.kindling.plot.Bars;
import dev.kindling.plot.ExplainedColumns;
import dev.kindling.plot.ExplainedInputs;
import dev.kindling.plot.ExplainedPixels;
import dev.kindling.plot.ExplanationPicture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Draws an {@link Explanation}. */
record ExplanationDrawing(Explanation explanation) {
    ExplanationPicture picture() {
        Trace trace = explanation.trace();
        Outcome outcome = explanation.outcome();
        int last = explanation.last();
        List<Bars> forward = new ArrayList<>();
        List<Bars> backward = new ArrayList<>();
        for (int l = 0; l < last; l++) {
            String layer = last == 1 ? "hidden" : "hidden " + (l + 1);
            forward.add(bars(layer + " sums z", "z = " + in(l) + " W + b", l, trace.sumsOf(l)));
            forward.add(bars(layer + " activations a", "a = max(z, 0)", l, trace.activationsOf(l)));
            backward.add(null);
            backward.add(bars(layer + " delta", "delta W\u1d40 of above, 0 where z < 0", l, trace.deltasOf(l)));
        }
        Outcome.Beside beside = outcome.beside();
        forward.add(bars("output sums z", "z = " + in(last) + " W + b", last, trace.sumsOf(last)));
        forward.add(bars(beside.name(), beside.formula(), last, beside.values()));
        backward.add(null);
        backward.add(bars("output delta", outcome.delta(), last, trace.deltasOf(last)));
        return new ExplanationPicture(
                explanation.subject().name(),
                outcome.title(),
                outcome.subtitle() + "; forward above, backward below; in orange "
                        + (outcome.marked() < 0 ? "" : "the label, and ")
                        + (explanation.subject().names().areImages()
                                ? "the unit that the one weight goes to"
                                : "the ends of the one weight"),
                inputs(),
                forward,
                backward,
                weightLines(),
                new Bars(
                        "sums of the shards",
                        "of the same weight's gradient",
                        IntStream.range(0, explanation.shards().size())
                                .mapToObj(k -> "shard " + k)
                                .toList(),
                        explanation.shards().stream().mapToDouble(ShardSum::sum).toArray(),
                        -1));
    }

    /** What goes into a layer. */
    private static String in(int l) {
        return l == 0 ? "x" : "a";
    }

    private Bars bars(String title, String formula, int l, double[] values) {
        int[] shown = explanation.shown(l);
        return new Bars(
                title,
                formula,
                Arrays.stream(shown).mapToObj(u -> explanation.unit(l, u)).toList(),
                Arrays.stream(shown).mapToDouble(u -> values[u]).toArray(),
                Arrays.binarySearch(shown, explanation.marked(l)));
    }

    /** The unit of the first layer that the one weight goes to; another one if the weight is of another layer. */
    private int firstLayerUnit() {
        return explanation.weight().layer() == 0 ? explanation.weight().unit() : 0;
    }

    private ExplainedInputs inputs() {
        Subject subject = explanation.subject();
        Trace.Weight weight = explanation.weight();
        int marked = weight.layer() == 0 ? weight.input() : -1;
        String into = "gradient into "
                + (explanation.last() == 0 ? explanation.outcome().unit(firstLayerUnit()) : "unit " + firstLayerUnit());
        double[] gradient = IntStream.range(0, subject.features().length)
                .mapToDouble(i -> explanation.trace().gradient(new Trace.Weight(0, i, firstLayerUnit())))
                .toArray();
        if (subject.names().areImages()) {
            float[] pixels = new float[gradient.length];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) gradient[i];
            }
            return new ExplainedPixels(subject.features(), pixels, into, Math.max(0, marked));
        }
        int[] shown = largest(subject.features());
        String left = gradient.length > shown.length ? "; the largest of " + gradient.length : "";
        int place = Arrays.binarySearch(shown, marked);
        List<String> names =
                Arrays.stream(shown).mapToObj(subject.names()::input).toList();
        double[] x =
                Arrays.stream(shown).mapToDouble(i -> subject.features()[i]).toArray();
        double[] gradients = Arrays.stream(shown).mapToDouble(i -> gradient[i]).toArray();
        double[] values = subject.values().orElseThrow();
        return new ExplainedColumns(
                new Bars("inputs x", "standardised" + left, names, x, place),
                Arrays.stream(shown).mapToObj(i -> Digits.of(values[i], 5)).toList(),
                new Bars(into, "x times delta" + left, names, gradients, place));
    }

    /** The inputs of the largest size, by number; the one weight's is among them, because its gradient is the largest. */
    private static int[] largest(float... features) {
        return IntStream.range(0, features.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -Math.abs(features[i])))
                .limit(ExplanationPicture.MOST_BARS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private List<String> weightLines() {
        Trace trace = explanation.trace();
        Trace.Weight weight = explanation.weight();
        ShardSum total = ShardSum.total(explanation.shards());
        return List.of(
                "one weight: " + explanation.weightName(),
                String.format(
                        Locale.ROOT,
                        "%s %.4f times delta %+.4e = gradient %+.8e (backpropagation)",
                        explanation.inputKind(),
                        trace.inputOf(weight),
                        trace.deltasOf(weight.layer())[weight.unit()],
                        trace.gradient(weight)),
                String.format(
                        Locale.ROOT,
                        "(loss(w + h) - loss(w - h)) / 2h = gradient %+.8e (finite differences, h = %.0e)",
                        trace.finiteDifference(weight, Explanation.H),
                        Explanation.H),
                String.format(
                        Locale.ROOT,
                        "all %,d rows of the training set: the shards' sums, added up, are %+.6f",
                        total.rows(),
                        total.sum()),
                String.format(Locale.ROOT, "divided by the rows: mean gradient %+.6e", total.mean()),
                String.format(
                        Locale.ROOT,
                        "a step at rate %s moves the weight from %.8f to %.8f",
                        explanation.rate(),
                        explanation.value(),
                        explanation.stepped()));
    }
}
