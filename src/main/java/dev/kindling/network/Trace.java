package dev.kindling.network;

import java.util.Arrays;

/**
 * One example on its way through a network and back, with every number kept. It does for one row what {@link Network}
 * does for 256 rows at once, in double precision and in the plainest loops. It is slow: it is there to be looked at.
 *
 * <p>Double precision is what finite differences need: they subtract two losses that are almost the same.
 */
public final class Trace {
    private final Architecture architecture;
    /** The flat layout of {@link Architecture}. */
    private final double[] parameters;
    /** Shape (inputs). */
    private final double[] inputs;

    /** Shape (outputs): the label, one-hot, or the targets. */
    private final double[] truth;
    /** Of each layer, shape (units): z = a W + b. */
    private final double[][] sums;
    /** Of each layer, shape (units): a = max(z, 0), and of the last the outputs. */
    private final double[][] activations;
    /** Of each layer, shape (units): dLoss/dz. */
    private final double[][] deltas;

    /**
     * Follows an example of a class.
     *
     * @param parameters the flat array, copied
     * @param features shape (inputs)
     * @param label 0 to classes - 1
     */
    public Trace(Architecture architecture, float[] parameters, float[] features, int label) {
        this(architecture, doubles(parameters), doubles(features), oneHot(architecture.outputs(), label));
    }

    /**
     * Follows an example of a regression.
     *
     * @param parameters the flat array, copied
     * @param features shape (inputs)
     * @param targets shape (outputs)
     */
    public Trace(Architecture architecture, float[] parameters, float[] features, float[] targets) {
        this(architecture, doubles(parameters), doubles(features), doubles(targets));
    }

    private Trace(Architecture architecture, double[] parameters, double[] inputs, double[] truth) {
        int layers = architecture.layers();
        this.architecture = architecture;
        this.parameters = parameters;
        this.inputs = inputs;
        this.truth = truth;
        this.sums = new double[layers][];
        this.activations = new double[layers][];
        this.deltas = new double[layers][];
        for (int l = 0; l < layers; l++) {
            sums[l] = sums(l);
            activations[l] = l < layers - 1 ? relu(sums[l]) : output(sums[l]);
        }
        for (int l = layers - 1; l >= 0; l--) {
            deltas[l] = l < layers - 1 ? hiddenDelta(l, deltas[l + 1]) : outputDelta();
        }
    }

    private static double[] oneHot(int classes, int label) {
        double[] y = new double[classes];
        y[label] = 1;
        return y;
    }

    /** z[u] = sum over i of a[i] W[i][u], plus b[u]. */
    private double[] sums(int l) {
        int units = architecture.units(l);
        double[] a = inputs(l);
        double[] z = Arrays.copyOfRange(parameters, architecture.biases(l), architecture.biases(l) + units);
        for (int i = 0; i < a.length; i++) {
            for (int u = 0; u < units; u++) {
                z[u] += a[i] * parameters[architecture.weights(l) + i * units + u];
            }
        }
        return z;
    }

    /** a = max(z, 0). */
    static double[] relu(double[] z) {
        return Arrays.stream(z).map(x -> Math.max(x, 0)).toArray();
    }

    /** p = exp(z) / sum of exp(z); less the maximum, which changes nothing but keeps exp from overflowing. */
    static double[] softmax(double[] z) {
        double max = Arrays.stream(z).max().orElseThrow();
        double sum = Arrays.stream(z).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(z).map(x -> Math.exp(x - max) / sum).toArray();
    }

    /** What the last layer makes of its sums. */
    private double[] output(double[] z) {
        return switch (architecture.output()) {
            case SOFTMAX -> softmax(z);
            case IDENTITY -> z.clone();
        };
    }

    /** p - y, y one-hot; or z - t. */
    private double[] outputDelta() {
        double[] delta = activations[activations.length - 1].clone();
        for (int u = 0; u < delta.length; u++) {
            delta[u] -= truth[u];
        }
        return delta;
    }

    /** delta[u] = sum over units v above of delta[v] W[u][v], where z[u] is above zero, else 0. */
    private double[] hiddenDelta(int l, double... above) {
        double[] delta = new double[architecture.units(l)];
        for (int u = 0; u < delta.length; u++) {
            for (int v = 0; v < above.length && sums[l][u] > 0; v++) {
                delta[u] += above[v] * parameters[architecture.weights(l + 1) + u * above.length + v];
            }
        }
        return delta;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Shape (units) of layer {@code l}, from 0: z = a W + b. */
    public double[] sumsOf(int l) {
        return sums[l].clone();
    }

    /** Shape (units) of layer {@code l}, from 0: a = max(z, 0), and of the last the outputs. */
    public double[] activationsOf(int l) {
        return activations[l].clone();
    }

    /** Shape (units) of layer {@code l}, from 0: dLoss/dz. */
    public double[] deltasOf(int l) {
        return deltas[l].clone();
    }

    /** What goes into a layer. */
    private double[] inputs(int l) {
        return l == 0 ? inputs : activations[l - 1];
    }

    /** The most probable class, the first of equals; of a classification. */
    public int prediction() {
        double[] z = sums[sums.length - 1];
        int best = 0;
        for (int c = 1; c < z.length; c++) {
            best = z[c] > z[best] ? c : best;
        }
        return best;
    }

    /** The cross-entropy in nats, or half of the squared error. */
    public double loss() {
        double[] z = sums[sums.length - 1];
        return switch (architecture.output()) {
            case SOFTMAX -> crossEntropy(z, truth);
            case IDENTITY -> squaredError(z, truth);
        };
    }

    /** -log p[label] = log(sum of exp(z)) - z[label]. */
    private static double crossEntropy(double[] z, double... y) {
        double max = Arrays.stream(z).max().orElseThrow();
        double loss =
                max + Math.log(Arrays.stream(z).map(x -> Math.exp(x - max)).sum());
        for (int c = 0; c < z.length; c++) {
            loss -= y[c] * z[c];
        }
        return loss;
    }

    /** The sum of (z - t)^2 / 2. */
    private static double squaredError(double[] z, double... t) {
        double loss = 0;
        for (int u = 0; u < z.length; u++) {
            loss += (z[u] - t[u]) * (z[u] - t[u]) / 2;
        }
        return loss;
    }

    /** The number that a weight's input has: its pixel, or the activation of the unit below. */
    public double inputOf(Weight weight) {
        return inputs(weight.layer())[weight.input()];
    }

    /** dLoss/dW by the chain rule: the weight's input, times delta of the unit it goes to. */
    public double gradient(Weight weight) {
        return inputOf(weight) * deltas[weight.layer()][weight.unit()];
    }

    /**
     * How steeply the last layer's sums rise with each input, by the chain rule. As long as no hidden unit goes on or off, the
     * network is linear: inputs times slopes, and what the biases give, make the sums.
     *
     * @param factors shape (outputs): what each of the sums is multiplied by, as (1, -1, 0) for the first less the second
     * @return shape (inputs)
     */
    public double[] slopes(double... factors) {
        double[] above = factors;
        for (int l = architecture.layers() - 2; l >= 0; l--) {
            above = hiddenDelta(l, above);
        }
        double[] slopes = new double[inputs.length];
        for (int i = 0; i < slopes.length; i++) {
            for (int u = 0; u < above.length; u++) {
                slopes[i] += above[u] * parameters[i * above.length + u];
            }
        }
        return slopes;
    }

    /**
     * dLoss/dW without the chain rule: the loss a little above and a little below, as a central difference.
     *
     * @param h how far above and below
     */
    public double finiteDifference(Weight weight, double h) {
        return (lossWith(weight, h) - lossWith(weight, -h)) / (2 * h);
    }

    private double lossWith(Weight weight, double change) {
        double[] changed = parameters.clone();
        changed[weight.index(architecture)] += change;
        return new Trace(architecture, changed, inputs, truth).loss();
    }

    /** The weight with the largest gradient of those in the lowest layer that has any; the very first if none has. */
    public Weight steepestWeight() {
        for (int l = 0; l < architecture.layers(); l++) {
            Weight steepest = new Weight(l, 0, 0);
            for (int i = 0; i < architecture.inputs(l); i++) {
                for (int u = 0; u < architecture.units(l); u++) {
                    Weight weight = new Weight(l, i, u);
                    steepest = Math.abs(gradient(weight)) > Math.abs(gradient(steepest)) ? weight : steepest;
                }
            }
            if (gradient(steepest) != 0) {
                return steepest;
            }
        }
        return new Weight(0, 0, 0);
    }

    /**
     * One number of a layer's W.
     *
     * @param layer from 0
     * @param input its row of W
     * @param unit its column of W
     */
    public record Weight(int layer, int input, int unit) {
        /** Where it is in the flat array. */
        public int index(Architecture architecture) {
            return architecture.weights(layer) + input * architecture.units(layer) + unit;
        }
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int k = 0; k < floats.length; k++) {
            doubles[k] = floats[k];
        }
        return doubles;
    }
}
