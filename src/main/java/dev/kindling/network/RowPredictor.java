package dev.kindling.network;

import java.io.Serializable;

/**
 * A network for one row at a time: the forward pass of {@link Network}, with the same bits where that uses no native BLAS, from a
 * row as people have it. Immutable, and shared freely between threads.
 */
public final class RowPredictor implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final PlainKernels KERNELS = new PlainKernels();

    private final Architecture architecture;
    private final float[] parameters;
    private final Standardisation inputs;

    /**
     * @param parameters the flat array, laid out as {@link Architecture} says; not to be changed
     * @param inputs what is done with a row before the network sees it
     */
    public RowPredictor(Architecture architecture, float[] parameters, Standardisation inputs) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.inputs = inputs;
    }

    /** The number of features of a row. */
    public int inputs() {
        return architecture.inputs();
    }

    /**
     * Predicts a row.
     *
     * @param row shape (inputs), finite
     * @return shape (outputs): the probability of each class or, of a regression, each number, standardised as in training
     */
    public float[] predict(double[] row) {
        float[] outputs = logits(row);
        if (architecture.output() == Output.SOFTMAX) {
            softmax(outputs);
        }
        return outputs;
    }

    /** Makes probabilities of logits, in place. */
    public static void softmax(float[] logits) {
        KERNELS.softmax(logits, logits.length, 1, new float[1], new float[1], new float[1]);
    }

    /**
     * What the last layer gives for a row, before the softmax.
     *
     * @param row shape (inputs), finite
     * @return shape (outputs)
     */
    public float[] logits(double[] row) {
        float[] a = new float[row.length];
        inputs.apply(row, a);
        for (int l = 0; l < architecture.layers(); l++) {
            float[] z = forward(l, a);
            for (int u = 0; u < z.length && l < architecture.layers() - 1; u++) {
                z[u] = Math.max(z[u], 0f);
            }
            a = z;
        }
        return a;
    }

    /** Z = A W + b of one row. */
    private float[] forward(int l, float[] a) {
        int units = architecture.units(l);
        float[] z = new float[units];
        System.arraycopy(parameters, architecture.biases(l), z, 0, units);
        int w = architecture.weights(l);
        for (int i = 0; i < a.length; i++, w += units) {
            float x = a[i];
            if (x != 0f) {
                for (int u = 0; u < units; u++) {
                    z[u] = Math.fma(x, parameters[w + u], z[u]);
                }
            }
        }
        return z;
    }
}
