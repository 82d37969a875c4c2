package dev.kindling.network;

import dev.kindling.network.Kernels.Panels;
import java.util.Arrays;

/**
 * The layers of a network for {@link RowPredictor}, laid out for {@link Kernels}. Immutable but for the scratch space, of which
 * each thread has its own, so that a row makes no garbage.
 */
final class RowLayers {
    private static final Kernels KERNELS = Kernels.INSTANCE;

    private final Architecture architecture;
    /** W of each layer, shape (inputs, stride), in panels that lie one after the other. */
    private final Panels[] weights;
    /** b of each layer, shape (stride). */
    private final float[][] biases;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(this::newScratch);

    /** @param parameters the flat array, copied */
    RowLayers(Architecture architecture, float[] parameters) {
        this.architecture = architecture;
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
        /** Shape (inputs): the row, standardised. */
        final float[] x;
        /** For each layer shape (stride): its sums, and then its output. */
        final float[][] z;
        /** Shape (stride of the widest layer): see {@link Kernels#relu}. */
        final float[] active;
        /** Shape (inputs of the widest layer): which of them are not zero. */
        final int[] nonZeros;

        Scratch(int inputs, float[][] z, int widest) {
            this.x = new float[inputs];
            this.z = z;
            this.active = new float[Layer.padded(widest)];
            this.nonZeros = new int[widest];
        }
    }

    private Scratch newScratch() {
        float[][] z = Arrays.stream(biases).map(float[]::clone).toArray(float[][]::new);
        int widest =
                architecture.sizes().stream().mapToInt(Integer::intValue).max().orElseThrow();
        return new Scratch(architecture.inputs(), z, widest);
    }

    /** That of the thread that calls. */
    Scratch scratch() {
        return scratch.get();
    }

    /**
     * Z = A W + b of one row, layer by layer, with A = max(Z, 0) between.
     *
     * @param own has the row in x
     * @param outputs receives the last sums, shape (outputs)
     */
    void forward(Scratch own, float[] outputs) {
        float[] a = own.x;
        int last = weights.length - 1;
        for (int l = 0; l <= last; l++) {
            float[] z = own.z[l];
            System.arraycopy(biases[l], 0, z, 0, z.length);
            int count = nonZeros(a, architecture.inputs(l), own.nonZeros);
            KERNELS.multiplyRow(a, own.nonZeros, count, weights[l], z, z.length);
            if (l < last) {
                KERNELS.relu(z, 1, z.length, own.active);
            }
            a = z;
        }
        System.arraycopy(a, 0, outputs, 0, architecture.outputs());
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
