package dev.kindling.network;

import dev.kindling.network.Kernels.Panels;

/**
 * The layers of a network for {@link RowPredictor}, laid out for {@link Kernels}. Immutable but for the scratch space, of which
 * each thread has its own, so that a row makes no garbage.
 */
final class RowLayers {
    /** The most rows that go through the layers together: with so many, those of 784 features fit into a processor's cache. */
    static final int BLOCK = Kernels.INSTANCE.gainsFromBlocks() ? 64 : 1;

    private static final Kernels KERNELS = Kernels.INSTANCE;

    private final Architecture architecture;
    /** W of each layer, shape (inputs, stride), in panels that lie one after the other. */
    private final Panels[] weights;
    /** b of each layer, shape (stride). */
    private final float[][] biases;

    private final ThreadLocal<Scratch> scratch;

    /** @param parameters the flat array, copied */
    RowLayers(Architecture architecture, float[] parameters) {
        this.architecture = architecture;
        this.scratch = ThreadLocal.withInitial(() -> new Scratch(architecture, 1));
        this.weights = new Panels[architecture.layers()];
        this.biases = new float[weights.length][];
        for (int l = 0; l < weights.length; l++) {
            int inputs = architecture.inputs(l);
            int units = architecture.units(l);
            int stride = Layer.padded(units);
            weights[l] = Layer.panels(new float[inputs * stride], inputs);
            weights[l].fill(parameters, architecture.weights(l), inputs, units);
            biases[l] = new float[stride];
            System.arraycopy(parameters, architecture.biases(l), biases[l], 0, units);
        }
    }

    /** What a thread computes with. */
    static final class Scratch {
        /** Shape (rows, inputs): the rows, standardised. */
        final float[] x;
        /** Shape (outputs): those of a row. */
        final float[] outputs;

        private final int rows;
        /** For each layer shape (rows, stride): its sums, and then its output. */
        private final Panels[] z;
        /** Shape (stride of the widest layer): see {@link Kernels#relu}. */
        private final float[] active;
        /** Shape (inputs of the widest layer): which of them are not zero. */
        private final int[] nonZeros;
        /** Shape (1) each: see {@link Kernels#softmax}. */
        final float[] best = new float[1];

        final float[] max = new float[1];
        final float[] sum = new float[1];

        private Scratch(Architecture architecture, int rows) {
            int widest =
                    architecture.sizes().stream().mapToInt(size -> size).max().orElseThrow();
            this.rows = rows;
            this.x = new float[rows * architecture.inputs()];
            this.z = new Panels[architecture.layers()];
            for (int l = 0; l < z.length; l++) {
                int stride = Layer.padded(architecture.units(l));
                z[l] = Layer.rowMajor(new float[rows * stride], stride);
            }
            this.active = new float[Layer.padded(widest)];
            this.nonZeros = new int[widest];
            this.outputs = new float[architecture.outputs()];
        }
    }

    /**
     * That of the thread that calls.
     *
     * @param rows that will come, at most {@link #BLOCK}
     */
    Scratch scratch(int rows) {
        Scratch own = scratch.get();
        if (own.rows < rows) {
            own = new Scratch(architecture, rows);
            scratch.set(own);
        }
        return own;
    }

    /** Z = A W + b, layer by layer, with A = max(Z, 0) between, of the rows in x. */
    void forward(Scratch own, int rows) {
        float[] a = own.x;
        int aStride = architecture.inputs();
        for (int l = 0; l < weights.length; l++) {
            float[] z = own.z[l].values();
            int stride = biases[l].length;
            for (int row = 0; row < rows; row++) {
                System.arraycopy(biases[l], 0, z, row * stride, stride);
            }
            int inputs = architecture.inputs(l);
            if (rows == 1) {
                int count = nonZeros(a, inputs, own.nonZeros);
                KERNELS.multiplyRow(a, own.nonZeros, count, weights[l], z, stride);
            } else {
                KERNELS.multiply(rows, stride, inputs, a, aStride, 1, weights[l], own.z[l]);
            }
            if (l < weights.length - 1) {
                KERNELS.relu(z, rows, stride, own.active);
            }
            a = z;
            aStride = stride;
        }
    }

    /**
     * What {@link #forward} has left of a row.
     *
     * @param outputs receives the sums of the last layer, shape (outputs)
     * @return outputs
     */
    float[] logits(Scratch own, int row, float[] outputs) {
        int last = weights.length - 1;
        System.arraycopy(own.z[last].values(), row * biases[last].length, outputs, 0, architecture.outputs());
        return outputs;
    }

    /** Finds the numbers that are not zero, without a branch, which no processor could foresee. */
    private static int nonZeros(float[] a, int length, int[] at) {
        int count = 0;
        for (int k = 0; k < length; k++) {
            at[count] = k;
            int bits = Float.floatToRawIntBits(a[k]) << 1; // without the sign
            count += (bits | -bits) >>> (Integer.SIZE - 1); // 1 unless all are 0
        }
        return count;
    }
}
