package dev.kindling.cli;

import dev.kindling.evaluation.ShardSum;
import dev.kindling.network.Architecture;
import dev.kindling.network.Trace;
import dev.kindling.plot.Bars;
import dev.kindling.plot.ExplanationPicture;
import dev.kindling.storage.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One example's way through a network, as text and as a picture.
 *
 * @param subject what the example is called
 * @param features shape (inputs)
 * @param weight the one weight that is looked at closely
 * @param shards the sums of the weight's gradient over each shard; empty until they are known
 */
record ExplanationReport(
        Model model,
        String subject,
        float[] features,
        int label,
        Trace trace,
        Trace.Weight weight,
        List<ShardSum> shards) {
    static final int MOST_SHARDS = 16;

    /** Half the distance of the central difference. */
    private static final double H = 1e-5;

    ExplanationReport(Model model, String subject, float[] features, int label, Trace trace, Trace.Weight weight) {
        this(model, subject, features, label, trace, weight, List.of());
    }

    ExplanationReport withShards(List<ShardSum> sums) {
        return new ExplanationReport(model, subject, features, label, trace, weight, sums);
    }

    /** The numbers of the one example. */
    void printExample() {
        int last = model.architecture().layers() - 1;
        System.out.printf("model of layers %s; %s, label %d%n", model.architecture(), subject, label);
        for (int l = 0; l < last; l++) {
            System.out.printf("%nlayer %d, hidden: z = x W + b, a = max(z, 0), delta = dloss/dz%n", l + 1);
            printUnits("unit", "a", l);
        }
        System.out.printf("%nlayer %d, output: z = a W + b, p = exp(z) / sum of exp(z), delta = p - y%n", last + 1);
        printUnits("class", "p", last);
        print("%nprediction %d, probability %.6f", trace.prediction(), trace.activationsOf(last)[trace.prediction()]);
        print("loss = -log p[%d] = %.8f nats", label, trace.loss());
        print("%none weight: %s, now %.8f", weightName(), value());
        print(
                "  gradient by backpropagation      %+.10e = %s %.6f times delta %+.6e",
                trace.gradient(weight),
                inputName(),
                trace.inputOf(weight),
                trace.deltasOf(weight.layer())[weight.unit()]);
        print(
                "  gradient by finite differences   %+.10e = (loss(w + h) - loss(w - h)) / 2h, h = %.0e",
                trace.finiteDifference(weight, H), H);
    }

    /** How the shards' sums make the mean that moves the weight. */
    void printShards() {
        ShardSum total = ShardSum.total(shards);
        print(
                "%nthe gradient of the same weight, summed over each shard of the training set%n  shard      rows       sum");
        for (int k = 0; k < shards.size(); k++) {
            print("  %5d  %,8d  %+.8f", k, shards.get(k).rows(), shards.get(k).sum());
        }
        print("  total  %,8d  %+.8f", total.rows(), total.sum());
        print("  mean = total / rows = %+.10e", total.mean());
        print(
                "  a step of plain gradient descent at rate %s: %.8f - %s times the mean = %.8f",
                rate(), value(), rate(), value() - rate() * total.mean());
    }

    private void printUnits(String unit, String activation, int l) {
        print("  %5s  %12s  %12s  %13s", unit, "z", activation, "delta");
        int units = model.architecture().units(l);
        for (int u : shown(l)) {
            print(
                    "  %5d  %12.6f  %12.6f  %+13.6e",
                    u, trace.sumsOf(l)[u], trace.activationsOf(l)[u], trace.deltasOf(l)[u]);
        }
        if (units > shown(l).length) {
            print("  and %d more; those above have the largest %s", units - shown(l).length, activation);
        }
    }

    /**
     * The units with the largest activations, by number. The unit of the label, or that of the weight, is always among
     * them.
     */
    private int[] shown(int l) {
        boolean output = l == model.architecture().layers() - 1;
        int always = output ? label : l == weight.layer() ? weight.unit() : -1;
        double[] a = trace.activationsOf(l);
        return IntStream.range(0, a.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(u -> u == always ? Double.NEGATIVE_INFINITY : -a[u]))
                .limit(ExplanationPicture.MOST_BARS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /**
     * The learning rate of the model's training, so that the step has its true size; 0.1 if the model does not name it.
     */
    private double rate() {
        return Double.parseDouble(model.provenance().recipe().getOrDefault("learning-rate", "0.1"));
    }

    private double value() {
        return model.parameters()[weight.index(model.architecture())];
    }

    private String weightName() {
        return "layer " + (weight.layer() + 1) + ", from " + inputName() + " " + weight.input() + " to unit "
                + weight.unit();
    }

    private String inputName() {
        return weight.layer() == 0 ? "input" : "unit";
    }

    ExplanationPicture picture() {
        Architecture architecture = model.architecture();
        int last = architecture.layers() - 1;
        List<Bars> forward = new ArrayList<>();
        List<Bars> backward = new ArrayList<>();
        for (int l = 0; l <= last; l++) {
            String layer = l == last ? "output" : last == 1 ? "hidden" : "hidden " + (l + 1);
            String in = l == 0 ? "x" : "a";
            int unit = l == weight.layer() ? weight.unit() : -1;
            int highlighted = l == last ? label : unit;
            forward.add(bars(layer + " sums z", "z = " + in + " W + b", l, trace.sumsOf(l), highlighted));
            backward.add(null);
            forward.add(
                    l == last
                            ? bars(
                                    "probabilities p",
                                    "p = exp(z) / sum of exp(z)",
                                    l,
                                    trace.activationsOf(l),
                                    highlighted)
                            : bars(layer + " activations a", "a = max(z, 0)", l, trace.activationsOf(l), highlighted));
            String delta = l == last ? "delta = p - y" : "delta W\u1d40 of above, 0 where z < 0";
            backward.add(bars(layer + " delta", delta, l, trace.deltasOf(l), highlighted));
        }
        return new ExplanationPicture(
                subject + ", label " + label + ": predicted " + trace.prediction(),
                String.format(
                        Locale.ROOT,
                        "probability %.4f, loss = -log p[%d] = %.4f; forward above, backward below;"
                                + " in orange the label, and the unit that the one weight goes to",
                        trace.activationsOf(last)[trace.prediction()],
                        label,
                        trace.loss()),
                features,
                gradientImage(),
                "gradient into unit " + firstLayerUnit(),
                weight.layer() == 0 ? weight.input() : 0,
                forward,
                backward,
                weightLines(),
                new Bars(
                        "sums of the shards",
                        "of the same weight's gradient",
                        IntStream.range(0, shards.size())
                                .mapToObj(k -> "shard " + k)
                                .toList(),
                        shards.stream().mapToDouble(ShardSum::sum).toArray(),
                        -1));
    }

    private Bars bars(String title, String formula, int l, double[] values, int highlighted) {
        int[] shown = shown(l);
        return new Bars(
                title,
                formula,
                Arrays.stream(shown).mapToObj(String::valueOf).toList(),
                Arrays.stream(shown).mapToDouble(u -> values[u]).toArray(),
                Arrays.binarySearch(shown, highlighted));
    }

    private int firstLayerUnit() {
        return weight.layer() == 0 ? weight.unit() : 0;
    }

    /** Shape (inputs): the gradient of each weight that goes to one unit of the first layer. */
    private float[] gradientImage() {
        float[] gradients = new float[features.length];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = (float) trace.gradient(new Trace.Weight(0, i, firstLayerUnit()));
        }
        return gradients;
    }

    private List<String> weightLines() {
        ShardSum total = ShardSum.total(shards);
        return List.of(
                "one weight: " + weightName(),
                String.format(
                        Locale.ROOT,
                        "%s %.4f times delta %+.4e = gradient %+.8e (backpropagation)",
                        inputName(),
                        trace.inputOf(weight),
                        trace.deltasOf(weight.layer())[weight.unit()],
                        trace.gradient(weight)),
                String.format(
                        Locale.ROOT,
                        "(loss(w + h) - loss(w - h)) / 2h = gradient %+.8e (finite differences, h = %.0e)",
                        trace.finiteDifference(weight, H),
                        H),
                String.format(
                        Locale.ROOT,
                        "all %,d rows of the training set: the shards' sums, added up, are %+.6f",
                        total.rows(),
                        total.sum()),
                String.format(Locale.ROOT, "divided by the rows: mean gradient %+.6e", total.mean()),
                String.format(
                        Locale.ROOT,
                        "a step at rate %s moves the weight from %.8f to %.8f",
                        rate(),
                        value(),
                        value() - rate() * total.mean()));
    }

    private static void print(String pattern, Object... values) {
        System.out.printf(Locale.ROOT, pattern + "%n", values);
    }
}
