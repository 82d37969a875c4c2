package dev.kindling.network;

import static dev.kindling.network.Block.STRIP;
import static dev.kindling.network.Kernels.PANEL;
import static dev.kindling.network.VectorKernels.INTS;
import static dev.kindling.network.VectorKernels.LANES;
import static dev.kindling.network.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The products with a sparse block, of {@link VectorKernels}.
 *
 * <p>A loop goes down a strip with the weights of its {@value Block#STRIP} columns, or their gradient, in registers: it looks
 * up a row once for {@value Block#STRIP} multiply-adds of each vector, whereas a loop along a row would load weights for
 * every single one. Where there are two vectors of units side by side, a value that was loaded serves for both.
 *
 * <p>The loop over the strips is in the same method as that over the cells, and the loops around it are in another.
 * When the JIT compiler put all loops together, it ran out of registers, and the innermost took up to twice as long.
 */
final class VectorSparse {
    /** 1/255 as the sum of two floats. */
    private static final float HIGH = 1f / 255;

    private static final float LOW = (float) (1.0 / 255 - HIGH);

    private VectorSparse() {}

    /** {@link Kernels#unpack}: level / 255f, exactly, and many times as fast as a division. */
    static void unpack(int[] levels, float[] values) {
        FloatVector high = FloatVector.broadcast(SPECIES, HIGH);
        for (int n = 0; n < levels.length; n += LANES) {
            IntVector four = IntVector.fromArray(INTS, levels, n);
            for (int k = 0; k < 4; k++) {
                IntVector bytes =
                        four.lanewise(VectorOperators.LSHR, k * Byte.SIZE).and(0xff);
                FloatVector level = (FloatVector) bytes.convert(VectorOperators.I2F, 0);
                level.fma(high, level.mul(LOW)).intoArray(values, k * levels.length + n);
            }
        }
    }

    /** Where the first weight of unit u is; that of the next input is {@value Kernels#PANEL} further on. */
    private static int start(int u, int inputs) {
        return u / PANEL * PANEL * inputs + u % PANEL;
    }

    /** {@link Kernels#sparseForward}. */
    static void forward(Block x, float[] values, float[] w, float[] z, int stride) {
        int inputs = x.strips() * STRIP;
        for (int u = 0; u < stride; u += 2 * LANES) {
            int first = start(u, inputs);
            if (u + LANES < stride) {
                forwardTwo(x.starts(), x.cellRows(), values, w, first, start(u + LANES, inputs), z, u, stride);
            } else {
                forwardOne(x.starts(), x.cellRows(), values, w, first, z, u, stride);
            }
        }
    }

    private static void forwardTwo(
            int[] starts, char[] rows, float[] values, float[] w, int first, int second, float[] z, int u, int stride) {
        for (int strip = 0; strip < starts.length - 1; strip++) {
            int end = starts[strip + 1];
            int at0 = first + strip * STRIP * PANEL;
            int at1 = second + strip * STRIP * PANEL;
            FloatVector w00 = FloatVector.fromArray(SPECIES, w, at0);
            FloatVector w01 = FloatVector.fromArray(SPECIES, w, at0 + PANEL);
            FloatVector w02 = FloatVector.fromArray(SPECIES, w, at0 + 2 * PANEL);
            FloatVector w03 = FloatVector.fromArray(SPECIES, w, at0 + 3 * PANEL);
            FloatVector w10 = FloatVector.fromArray(SPECIES, w, at1);
            FloatVector w11 = FloatVector.fromArray(SPECIES, w, at1 + PANEL);
            FloatVector w12 = FloatVector.fromArray(SPECIES, w, at1 + 2 * PANEL);
            FloatVector w13 = FloatVector.fromArray(SPECIES, w, at1 + 3 * PANEL);
            for (int cell = starts[strip]; cell < end; cell++) {
                int to = rows[cell] * stride + u;
                FloatVector z0 = FloatVector.fromArray(SPECIES, z, to);
                FloatVector z1 = FloatVector.fromArray(SPECIES, z, to + LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, values[cell * STRIP]);
                z0 = x.fma(w00, z0);
                z1 = x.fma(w10, z1);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 1]);
                z0 = x.fma(w01, z0);
                z1 = x.fma(w11, z1);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 2]);
                z0 = x.fma(w02, z0);
                z1 = x.fma(w12, z1);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 3]);
                z0 = x.fma(w03, z0);
                z1 = x.fma(w13, z1);
                z0.intoArray(z, to);
                z1.intoArray(z, to + LANES);
            }
        }
    }

    private static void forwardOne(
            int[] starts, char[] rows, float[] values, float[] w, int first, float[] z, int u, int stride) {
        for (int strip = 0; strip < starts.length - 1; strip++) {
            int end = starts[strip + 1];
            int at = first + strip * STRIP * PANEL;
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + PANEL);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * PANEL);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * PANEL);
            for (int cell = starts[strip]; cell < end; cell++) {
                int to = rows[cell] * stride + u;
                FloatVector sum = FloatVector.fromArray(SPECIES, z, to);
                FloatVector x = FloatVector.broadcast(SPECIES, values[cell * STRIP]);
                sum = x.fma(w0, sum);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 1]);
                sum = x.fma(w1, sum);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 2]);
                sum = x.fma(w2, sum);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 3]);
                sum = x.fma(w3, sum);
                sum.intoArray(z, to);
            }
        }
    }

    /** {@link Kernels#sparseBackward}. */
    static void backward(Block x, float[] values, float[] d, int stride, float[] g) {
        int inputs = x.strips() * STRIP;
        for (int u = 0; u < stride; u += 2 * LANES) {
            int first = start(u, inputs);
            if (u + LANES < stride) {
                backwardTwo(x.starts(), x.cellRows(), values, g, first, start(u + LANES, inputs), d, u, stride);
            } else {
                backwardOne(x.starts(), x.cellRows(), values, g, first, d, u, stride);
            }
        }
    }

    private static void backwardTwo(
            int[] starts, char[] rows, float[] values, float[] g, int first, int second, float[] d, int u, int stride) {
        for (int strip = 0; strip < starts.length - 1; strip++) {
            int end = starts[strip + 1];
            int at0 = first + strip * STRIP * PANEL;
            int at1 = second + strip * STRIP * PANEL;
            FloatVector g00 = FloatVector.fromArray(SPECIES, g, at0);
            FloatVector g01 = FloatVector.fromArray(SPECIES, g, at0 + PANEL);
            FloatVector g02 = FloatVector.fromArray(SPECIES, g, at0 + 2 * PANEL);
            FloatVector g03 = FloatVector.fromArray(SPECIES, g, at0 + 3 * PANEL);
            FloatVector g10 = FloatVector.fromArray(SPECIES, g, at1);
            FloatVector g11 = FloatVector.fromArray(SPECIES, g, at1 + PANEL);
            FloatVector g12 = FloatVector.fromArray(SPECIES, g, at1 + 2 * PANEL);
            FloatVector g13 = FloatVector.fromArray(SPECIES, g, at1 + 3 * PANEL);
            for (int cell = starts[strip]; cell < end; cell++) {
                int from = rows[cell] * stride + u;
                FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
                FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + LANES);
                FloatVector x = FloatVector.broadcast(SPECIES, values[cell * STRIP]);
                g00 = x.fma(d0, g00);
                g10 = x.fma(d1, g10);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 1]);
                g01 = x.fma(d0, g01);
                g11 = x.fma(d1, g11);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 2]);
                g02 = x.fma(d0, g02);
                g12 = x.fma(d1, g12);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 3]);
                g03 = x.fma(d0, g03);
                g13 = x.fma(d1, g13);
            }
            g00.intoArray(g, at0);
            g01.intoArray(g, at0 + PANEL);
            g02.intoArray(g, at0 + 2 * PANEL);
            g03.intoArray(g, at0 + 3 * PANEL);
            g10.intoArray(g, at1);
            g11.intoArray(g, at1 + PANEL);
            g12.intoArray(g, at1 + 2 * PANEL);
            g13.intoArray(g, at1 + 3 * PANEL);
        }
    }

    private static void backwardOne(
            int[] starts, char[] rows, float[] values, float[] g, int first, float[] d, int u, int stride) {
        for (int strip = 0; strip < starts.length - 1; strip++) {
            int end = starts[strip + 1];
            int at = first + strip * STRIP * PANEL;
            FloatVector g0 = FloatVector.fromArray(SPECIES, g, at);
            FloatVector g1 = FloatVector.fromArray(SPECIES, g, at + PANEL);
            FloatVector g2 = FloatVector.fromArray(SPECIES, g, at + 2 * PANEL);
            FloatVector g3 = FloatVector.fromArray(SPECIES, g, at + 3 * PANEL);
            for (int cell = starts[strip]; cell < end; cell++) {
                int from = rows[cell] * stride + u;
                FloatVector delta = FloatVector.fromArray(SPECIES, d, from);
                FloatVector x = FloatVector.broadcast(SPECIES, values[cell * STRIP]);
                g0 = x.fma(delta, g0);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 1]);
                g1 = x.fma(delta, g1);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 2]);
                g2 = x.fma(delta, g2);
                x = FloatVector.broadcast(SPECIES, values[cell * STRIP + 3]);
                g3 = x.fma(delta, g3);
            }
            g0.intoArray(g, at);
            g1.intoArray(g, at + PANEL);
            g2.intoArray(g, at + 2 * PANEL);
            g3.intoArray(g, at + 3 * PANEL);
        }
    }
}
