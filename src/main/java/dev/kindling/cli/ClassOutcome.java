package dev.kindling.cli;

import dev.kindling.network.Trace;
import java.util.List;
import java.util.Locale;

/**
 * The probabilities of classes, beside the class that is true.
 *
 * @param label the class
 */
record ClassOutcome(Names names, Trace trace, int label) implements Outcome {
    private int last() {
        return trace.architecture().layers() - 1;
    }

    private double probability() {
        return trace.activationsOf(last())[trace.prediction()];
    }

    @Override
    public String name(int unit) {
        return names.output(unit);
    }

    @Override
    public String unit(int unit) {
        return (names.model().signature().isPresent() ? "class " : "unit ") + name(unit);
    }

    @Override
    public String truth() {
        return "label " + name(label);
    }

    @Override
    public String title() {
        return ", label " + name(label) + ": predicted " + name(trace.prediction());
    }

    @Override
    public String subtitle() {
        return String.format(
                Locale.ROOT, "probability %.4f, loss = -log p[%s] = %.4f", probability(), name(label), trace.loss());
    }

    @Override
    public List<String> lines() {
        return List.of(
                String.format(Locale.ROOT, "prediction %s, probability %.6f", name(trace.prediction()), probability()),
                String.format(Locale.ROOT, "loss = -log p[%s] = %.8f nats", name(label), trace.loss()));
    }

    @Override
    public String formulas() {
        return "z = a W + b, p = exp(z) / sum of exp(z), delta = p - y";
    }

    @Override
    public String kind() {
        return "class";
    }

    @Override
    public Beside beside() {
        return new Beside("probabilities p", "p", "p = exp(z) / sum of exp(z)", trace.activationsOf(last()));
    }

    @Override
    public String delta() {
        return "delta = p - y";
    }

    @Override
    public int marked() {
        return label;
    }

    @Override
    public double[] sizes() {
        return trace.activationsOf(last());
    }

    @Override
    public String largest() {
        return "p";
    }

    /** Why the predicted class, and not the one that is true or, if it is the same, the next probable one. */
    @Override
    public List<Measure> measures() {
        int predicted = trace.prediction();
        int other = label == predicted ? second() : label;
        double[] factors = new double[trace.architecture().outputs()];
        factors[predicted] = 1;
        factors[other] -= 1;
        return List.of(new Measure("z[" + name(predicted) + "] - z[" + name(other) + "]", factors, 0));
    }

    private int second() {
        double[] z = trace.sumsOf(last());
        int best = trace.prediction();
        int second = best == 0 ? Math.min(1, z.length - 1) : 0;
        for (int c = 0; c < z.length; c++) {
            second = c != best && z[c] > z[second] ? c : second;
        }
        return second;
    }
}
