package dev.kindling.network;

import dev.kindling.network.Kernels.Panels;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/**
 * One layer at work, with its parameters laid out for {@link Kernels} and its scratch space.
 *
 * <p>Matrices with as many columns as the layer has units are padded with zeros to whole panels: {@code stride}
 * columns. Weights and their gradient go panel by panel, shape (panels, depth, {@value Kernels#PANEL}), so that the
 * numbers that a kernel reads over and over lie close together. If a native BLAS is used, it computes the large dense
 * products, and reads and writes the flat arrays as they are.
 */
final class Layer {
    private static final Kernels KERNELS = Kernels.INSTANCE;
    /** Multiplications above which calling a native BLAS is worth it. */
    private static final long LARGE = 1 << 20;

    private static final float[] ONE = {1f};

    final int inputs;
    /** The inputs in whole strips of a sparse block: rows of {@link #weights} and {@link #gradient}, the last of them zeros. */
    private final int depth;

    final int units;
    final int stride;
    /** Shape (rows, stride): Z = A W + b, and then the output that the layer makes of it. */
    final float[] activations;
    /** Shape (stride): on how many rows each unit was above zero. */
    final float[] active;

    private final int rows;
    private float[] parameters;
    private final int weightsAt;
    private final int biasesAt;
    /** The native BLAS, or null for {@link #KERNELS}. */
    private final BLAS blas;
    /** Shape (panels, depth, PANEL). */
    private final float[] weights;
    /** Shape (stride). */
    private final float[] biases;

    /** Shape (rows, stride): dLoss/dZ. This and all below is null until {@link #prepareGradient}. */
    float[] deltas;
    /** transpose(W), shape (panels of the inputs, units, PANEL); null where it is not needed. */
    private float[] transposed;
    /** Shape (panels, depth, PANEL). */
    private float[] gradient;
    /** Shape (stride). */
    private float[] biasGradient;

    /**
     * @param l which layer, from 0
     * @param parameters the flat array, not copied
     * @param rows the most rows that will come
     */
    Layer(Architecture architecture, int l, float[] parameters, int rows) {
        this(architecture, l, parameters, rows, isLarge(architecture, l, rows) ? Blas.nativeBlas() : null);
    }

    /** @param blas for dense products, or null for {@link Kernels} */
    Layer(Architecture architecture, int l, float[] parameters, int rows, BLAS blas) {
        this.inputs = architecture.inputs(l);
        this.depth = Block.strips(inputs) * Block.STRIP;
        this.units = architecture.units(l);
        this.stride = padded(units);
        this.weightsAt = architecture.weights(l);
        this.biasesAt = architecture.biases(l);
        this.blas = blas;
        this.rows = rows;
        this.activations = new float[rows * stride];
        this.active = new float[stride];
        this.weights = new float[depth * stride];
        this.biases = new float[stride];
        use(parameters);
    }

    /** Makes room for what {@link #gradient} and {@link #backward} need, once. A layer that only predicts takes a third without. */
    void prepareGradient() {
        if (deltas != null) {
            return;
        }
        deltas = new float[rows * stride];
        gradient = new float[depth * stride];
        biasGradient = new float[stride];
        if (weightsAt > 0 && blas == null) { // nothing goes back from the first layer
            transposed = new float[padded(inputs) * units];
            packTransposed();
        }
    }

    /** Takes other parameters: the flat array, not copied. */
    void use(float[] other) {
        parameters = other;
        System.arraycopy(other, biasesAt, biases, 0, units);
        panels(weights, depth).fill(other, weightsAt, inputs, units);
        if (transposed != null) {
            packTransposed();
        }
    }

    private static boolean isLarge(Architecture architecture, int l, int rows) {
        return (long) rows * architecture.inputs(l) * architecture.units(l) >= LARGE;
    }

    /** The next multiple of a panel's columns. */
    static int padded(int columns) {
        return (columns + Kernels.PANEL - 1) / Kernels.PANEL * Kernels.PANEL;
    }

    private void packTransposed() {
        Panels panels = panels(transposed, units);
        for (int i = 0; i < inputs; i++) {
            int column = panels.column(i);
            for (int u = 0; u < units; u++) {
                transposed[column + u * panels.row()] = parameters[weightsAt + i * units + u];
            }
        }
    }

    /** A matrix whose panels lie one after the other. */
    static Panels panels(float[] values, int rows) {
        return new Panels(values, Kernels.PANEL, rows * Kernels.PANEL);
    }

    static Panels rowMajor(float[] values, int columns) {
        return new Panels(values, columns, Kernels.PANEL);
    }

    /**
     * Z = X W + b for a sparse block.
     *
     * @param values those of the block
     */
    void forward(Block x, float[] values) {
        fillWithBiases(x.rows());
        KERNELS.sparseForward(x, values, weights, activations, stride);
    }

    /**
     * Z = A W + b.
     *
     * @param a shape (rows, aStride)
     */
    void forward(int rows, float[] a, int aStride) {
        fillWithBiases(rows);
        if (blas != null) {
            blas.sgemm(
                    "N",
                    "N",
                    units,
                    rows,
                    inputs,
                    1f,
                    parameters,
                    weightsAt,
                    units,
                    a,
                    0,
                    aStride,
                    1f,
                    activations,
                    0,
                    stride);
            return;
        }
        KERNELS.multiply(rows, stride, inputs, a, aStride, 1, panels(weights, depth), rowMajor(activations, stride));
    }

    /**
     * Puts the biases into every row. The part that is filled is copied behind itself, because a few long copies are
     * faster than many short ones.
     */
    private void fillWithBiases(int rows) {
        System.arraycopy(biases, 0, activations, 0, stride);
        for (int filled = 1; filled < rows; filled *= 2) {
            int copied = Math.min(filled, rows - filled);
            System.arraycopy(activations, 0, activations, filled * stride, copied * stride);
        }
    }

    /** Multiplies the deltas of each row by its weight. */
    void weighDeltas(Block block) {
        for (int row = 0; row < block.rows(); row++) {
            float weight = block.weight(row);
            for (int u = 0; u < units; u++) {
                deltas[row * stride + u] *= weight;
            }
        }
    }

    /** A = max(Z, 0). */
    void relu(int rows) {
        KERNELS.relu(activations, rows, stride, active);
    }

    /**
     * dW = transpose(X) delta and db = the column sums of delta, for a sparse block.
     *
     * @param values those of the block
     * @param flat the gradient of all parameters, of which this layer's part is overwritten
     */
    void gradient(Block x, float[] values, float[] flat) {
        Arrays.fill(gradient, 0f);
        KERNELS.sparseBackward(x, values, deltas, stride, gradient);
        KERNELS.unpad(gradient, depth, inputs, units, flat, weightsAt);
        biasGradient(x.rows(), flat);
    }

    /**
     * dW = transpose(A) delta and db = the column sums of delta.
     *
     * @param a shape (rows, aStride)
     * @param flat the gradient of all parameters, of which this layer's part is overwritten
     */
    void gradient(int rows, float[] a, int aStride, float[] flat) {
        if (blas != null) {
            blas.sgemm("N", "T", units, inputs, rows, 1f, deltas, 0, stride, a, 0, aStride, 0f, flat, weightsAt, units);
        } else {
            Arrays.fill(gradient, 0f);
            KERNELS.multiply(inputs, stride, rows, a, 1, aStride, rowMajor(deltas, stride), panels(gradient, depth));
            KERNELS.unpad(gradient, depth, inputs, units, flat, weightsAt);
        }
        biasGradient(rows, flat);
    }

    /** The column sums of delta: a row of ones times delta. */
    private void biasGradient(int rows, float[] flat) {
        Arrays.fill(biasGradient, 0f);
        KERNELS.multiply(1, stride, rows, ONE, 0, 0, rowMajor(deltas, stride), rowMajor(biasGradient, stride));
        System.arraycopy(biasGradient, 0, flat, biasesAt, units);
    }

    /** delta of the layer below = delta transpose(W), zero where its ReLU was. */
    void backward(int rows, Layer below) {
        if (blas != null) {
            blas.sgemm(
                    "T",
                    "N",
                    inputs,
                    rows,
                    units,
                    1f,
                    parameters,
                    weightsAt,
                    units,
                    deltas,
                    0,
                    stride,
                    0f,
                    below.deltas,
                    0,
                    below.stride);
        } else {
            Arrays.fill(below.deltas, 0, rows * below.stride, 0f);
            KERNELS.multiply(
                    rows,
                    below.stride,
                    units,
                    deltas,
                    stride,
                    1,
                    panels(transposed, units),
                    rowMajor(below.deltas, below.stride));
        }
        KERNELS.gate(below.deltas, below.activations, rows * below.stride);
    }
}
