package dev.kindling.network;

/**
 * Trains a network as if its inputs had mean zero. The rows keep their zeros, and so their small size.
 *
 * <p>With mean m, X W + b = (X - m) W + c where c = b + m W. So instead of centred inputs the first layer gets another
 * bias: the optimiser moves W and c, the rows are multiplied by W and b = c - m W, and the gradient for W with centred
 * inputs is the one without, transpose(X) delta, minus m times the sum of delta, which is the gradient for b. Centred
 * inputs make the loss rounder, and larger learning rates possible (LeCun, Bottou, Orr and Mueller, Efficient BackProp,
 * 1998).
 */
public final class Centring {
    private final int units;
    private final int biases;
    private final double[] mean;

    /** @param mean shape (inputs): zeros change nothing */
    public Centring(Architecture architecture, double[] mean) {
        this.units = architecture.units(0);
        this.biases = architecture.biases(0);
        this.mean = mean;
    }

    /** The parameters for inputs as they are, from those for centred inputs: a copy with b = c - m W. */
    public float[] parametersForRawInputs(float[] centred) {
        float[] raw = centred.clone();
        double[] shift = shift(centred);
        for (int u = 0; u < units; u++) {
            raw[biases + u] = (float) (centred[biases + u] - shift[u]);
        }
        return raw;
    }

    /** The parameters for centred inputs, from those for inputs as they are: a copy with c = b + m W. */
    public float[] parametersForCentredInputs(float[] raw) {
        float[] centred = raw.clone();
        double[] shift = shift(raw);
        for (int u = 0; u < units; u++) {
            centred[biases + u] = (float) (raw[biases + u] + shift[u]);
        }
        return centred;
    }

    /** Shape (units): m W. */
    private double[] shift(float[] parameters) {
        double[] shift = new double[units];
        for (int i = 0; i < mean.length; i++) {
            for (int u = 0; u < units; u++) {
                shift[u] += mean[i] * parameters[i * units + u];
            }
        }
        return shift;
    }

    /** Turns the gradient for inputs as they are into that for centred inputs, in place. */
    public void centreGradient(double[] gradient) {
        for (int i = 0; i < mean.length; i++) {
            for (int u = 0; u < units; u++) {
                gradient[i * units + u] -= mean[i] * gradient[biases + u];
            }
        }
    }
}
