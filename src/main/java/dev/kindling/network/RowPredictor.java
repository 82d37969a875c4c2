package dev.kindling.network;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network for prediction alone: the forward pass of {@link Network}, with the same bits where that uses no native BLAS, from rows
 * as people have them, one or many. Immutable, and shared freely between threads.
 */
public final class RowPredictor implements Serializable {
    private static final long serialVersionUID = 1L;
    /** As many rows go through the network together. */
    public static final int BLOCK = RowLayers.BLOCK;
    /** So many parameters, that a block gains more than it takes to gather one. */
    private static final int PAYS = 1 << 14;
    /** Of a row with so little of its numbers stored, its own kernel skips more zeros than rows gain together. */
    private static final int SPARSE = 10;
    /** For the softmax of a row, which has too few numbers for vectors. */
    private static final PlainKernels PLAIN = new PlainKernels();

    private final Architecture architecture;
    private final float[] parameters;
    private final Standardisation inputs;
    /** Whether floats go into the network as they come: a division for each would take longer than the first layer. */
    private final boolean isReady;
    /** Made with the first row: a predictor travels without it. */
    private transient volatile RowLayers layers;
    /** {@link Standardisation#ofZeros}. Made with the first sparse row. */
    private transient volatile float[] zeros;

    /**
     * @param parameters the flat array, laid out as {@link Architecture} says; not to be changed
     * @param inputs what is done with a row before the network sees it
     */
    public RowPredictor(Architecture architecture, float[] parameters, Standardisation inputs) {
        this.architecture = architecture;
        this.parameters = parameters;
        this.inputs = inputs;
        this.isReady = inputs.isIdentity();
    }

    /** Whether rows go through it faster together than one by one, so much that it pays to gather them. */
    public boolean gainsFromBlocks() {
        return BLOCK > 1 && parameters.length >= PAYS;
    }

    /** The number of features of a row. */
    public int inputs() {
        return architecture.inputs();
    }

    /** The units of the last layer. */
    public int outputs() {
        return architecture.outputs();
    }

    /**
     * Predicts rows, without garbage. Each has the bits that it has on its own.
     *
     * @param rows how many
     * @param values shape (rows, inputs), row-major, finite
     * @param outputs receives shape (rows, outputs): the probability of each class or, of a regression, each number, standardised as
     *     in training
     */
    public void predict(int rows, double[] values, float[] outputs) {
        RowLayers ready = layers();
        for (int first = 0; first < rows; first += BLOCK) {
            int count = Math.min(BLOCK, rows - first);
            RowLayers.Scratch scratch = ready.scratch(count);
            for (int r = 0; r < count; r++) {
                inputs.apply(values, (first + r) * inputs(), scratch.x, r * inputs());
            }
            forward(ready, scratch, count, outputs, first);
        }
    }

    /** The same of floats. */
    public void predict(int rows, float[] values, float[] outputs) {
        RowLayers ready = layers();
        for (int first = 0; first < rows; first += BLOCK) {
            int count = Math.min(BLOCK, rows - first);
            RowLayers.Scratch scratch = ready.scratch(count);
            if (isReady) {
                System.arraycopy(values, first * inputs(), scratch.x, 0, count * inputs());
            } else {
                for (int r = 0; r < count; r++) {
                    inputs.apply(values, (first + r) * inputs(), scratch.x, r * inputs());
                }
            }
            forward(ready, scratch, count, outputs, first);
        }
    }

    /** Puts the outputs of the rows in x where those of the row {@code first} begin. */
    private void forward(RowLayers ready, RowLayers.Scratch scratch, int rows, float[] outputs, int first) {
        ready.forward(scratch, rows);
        for (int r = 0; r < rows; r++) {
            ready.logits(scratch, r, scratch.outputs);
            if (architecture.output() == Output.SOFTMAX) {
                softmax(scratch.outputs, scratch.best, scratch.max, scratch.sum);
            }
            int length = scratch.outputs.length;
            System.arraycopy(scratch.outputs, 0, outputs, (first + r) * length, length);
        }
    }

    /** Whether no number is infinite or NaN: of many rows, in less time than a look at each number takes. */
    public static boolean areFinite(float... values) {
        return Kernels.INSTANCE.areFinite(values);
    }

    /**
     * Makes predictions of {@link #logits}, in place: of a classifier probabilities; those of a regression are what is predicted.
     *
     * @param logits shape (outputs)
     * @return the same array
     */
    public float[] outputs(float... logits) {
        if (architecture.output() == Output.SOFTMAX) {
            softmax(logits);
        }
        return logits;
    }

    /** Makes probabilities of logits, in place. */
    public static void softmax(float[] logits) {
        softmax(logits, new float[1], new float[1], new float[1]);
    }

    private static void softmax(float[] logits, float[] best, float[] max, float[] sum) {
        PLAIN.softmax(logits, logits.length, 1, best, max, sum);
    }

    /**
     * What the last layer gives for a row, before the softmax. Where the row is sparse, the bits are those of the whole row.
     *
     * @param row finite, of size (inputs)
     * @return shape (outputs)
     */
    public float[] logits(StoredFeatures row) {
        RowLayers ready = layers();
        RowLayers.Scratch scratch = ready.scratch(1);
        standardise(row, scratch.x, 0);
        ready.forward(scratch, 1);
        return ready.logits(scratch, 0, new float[architecture.outputs()]);
    }

    /**
     * The same of rows, each with the bits that it has on its own.
     *
     * @param rows finite, of size (inputs) each
     * @return shape (rows, outputs)
     */
    public float[][] logits(List<StoredFeatures> rows) {
        float[][] logits = new float[rows.size()][];
        int[] together = IntStream.range(0, rows.size())
                .filter(r -> rows.get(r).values().length > inputs() / SPARSE)
                .toArray();
        RowLayers ready = layers();
        for (int first = 0; first < together.length; first += BLOCK) {
            int count = Math.min(BLOCK, together.length - first);
            RowLayers.Scratch scratch = ready.scratch(count);
            for (int k = 0; k < count; k++) {
                standardise(rows.get(together[first + k]), scratch.x, k * inputs());
            }
            ready.forward(scratch, count);
            for (int k = 0; k < count; k++) {
                logits[together[first + k]] = ready.logits(scratch, k, new float[architecture.outputs()]);
            }
        }
        for (int r = 0; r < logits.length; r++) {
            if (logits[r] == null) {
                logits[r] = logits(rows.get(r));
            }
        }
        return logits;
    }

    /** Puts a standardised row where {@code at} says. */
    private void standardise(StoredFeatures row, float[] to, int at) {
        if (row.places() == null) {
            inputs.apply(row.values(), 0, to, at);
            return;
        }
        System.arraycopy(zeros(), 0, to, at, inputs());
        for (int k = 0; k < row.places().length; k++) {
            int place = row.places()[k];
            to[at + place] = inputs.of(place, row.values()[k]);
        }
    }

    private float[] zeros() {
        float[] ready = zeros;
        if (ready == null) {
            ready = inputs.ofZeros();
            zeros = ready;
        }
        return ready;
    }

    /** Threads that come at the same time may each make one; all are equal. */
    private RowLayers layers() {
        RowLayers ready = layers;
        if (ready == null) {
            ready = new RowLayers(architecture, parameters);
            layers = ready;
        }
        return ready;
    }
}
