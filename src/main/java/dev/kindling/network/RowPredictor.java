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
    /** Made with the first row: a predictor travels without it. */
    private transient volatile RowLayers layers;

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
        float[] outputs = new float[architecture.outputs()];
        predict(row, outputs);
        return outputs;
    }

    /**
     * The same without garbage.
     *
     * @param outputs receives shape (outputs)
     */
    public void predict(double[] row, float[] outputs) {
        logits(row, outputs);
        finish(outputs);
    }

    /** The same of floats. */
    public void predict(float[] row, float[] outputs) {
        RowLayers ready = layers();
        RowLayers.Scratch scratch = ready.scratch();
        inputs.apply(row, scratch.x);
        ready.forward(scratch, outputs);
        finish(outputs);
    }

    private void finish(float[] outputs) {
        if (architecture.output() == Output.SOFTMAX) {
            softmax(outputs);
        }
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
        float[] outputs = new float[architecture.outputs()];
        logits(row, outputs);
        return outputs;
    }

    private void logits(double[] row, float[] outputs) {
        RowLayers ready = layers();
        RowLayers.Scratch scratch = ready.scratch();
        inputs.apply(row, scratch.x);
        ready.forward(scratch, outputs);
    }

    /** Threads that come at the same time may each make one, which are equal. */
    private RowLayers layers() {
        RowLayers ready = layers;
        if (ready == null) {
            ready = new RowLayers(architecture, parameters);
            layers = ready;
        }
        return ready;
    }
}
