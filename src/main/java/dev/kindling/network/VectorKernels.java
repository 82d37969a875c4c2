package dev.kindling.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API: {@link PlainKernels} says in fewer words what each computes. The products are in
 * {@link VectorSparse} and {@link VectorDense}.
 *
 * <p>Two rules keep the JIT compiler from putting vectors on the heap: each hot loop is a small static method of its own,
 * and all of the JVM uses one vector shape (with two, the profile inside the Vector API's own methods is mixed, and
 * JDK 17 gives up).
 */
final class VectorKernels implements Kernels {
    /** At most a panel. */
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > PANEL ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    static final int LANES = SPECIES.length();

    @Override
    public String description() {
        return "Vector API, " + SPECIES.vectorBitSize() + " bits";
    }

    /** With 512 bits, by half; OpenBLAS is faster with 256 (docs/benchmarks.md). */
    @Override
    public boolean beatsNativeBlas() {
        return SPECIES.vectorBitSize() == 512;
    }

    @Override
    public void unpack(int[] levels, float[] values) {
        VectorSparse.unpack(levels, values);
    }

    @Override
    public void sparseForward(Block x, float[] values, float[] w, float[] z, int stride) {
        VectorSparse.forward(x, values, w, z, stride);
    }

    @Override
    public void sparseBackward(Block x, float[] values, float[] d, int stride, float[] g) {
        VectorSparse.backward(x, values, d, stride, g);
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, int aRow, int aColumn, Panels b, Panels c) {
        VectorDense.multiply(m, n, k, a, aRow, aColumn, b, c);
    }

    @Override
    public void relu(float[] z, int rows, int stride, float[] active) {
        for (int u = 0; u < stride; u += LANES) {
            relu(z, u, rows, stride, active);
        }
    }

    private static void relu(float[] z, int first, int rows, int stride, float[] active) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector count = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows; row++) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, row * stride + first);
            VectorMask<Float> on = x.compare(VectorOperators.GT, zero);
            count = count.add(zero.blend(one, on));
            x.max(zero).intoArray(z, row * stride + first);
        }
        count.intoArray(active, first);
    }

    @Override
    public void gate(float[] d, float[] a, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int k = 0; k < length; k += LANES) {
            VectorMask<Float> on = FloatVector.fromArray(SPECIES, a, k).compare(VectorOperators.GT, zero);
            zero.blend(FloatVector.fromArray(SPECIES, d, k), on).intoArray(d, k);
        }
    }

    @Override
    public void softmax(float[] z, int classes, int stride, float[] best, float[] max, float[] sum) {
        for (int column = 0; column < stride; column += LANES) {
            largest(z, column, classes, stride, best, max);
            exponentials(z, column, classes, stride, max, sum);
            scale(z, column, classes, stride, sum);
        }
    }

    private static void largest(float[] z, int column, int classes, int stride, float[] best, float[] max) {
        FloatVector largest = FloatVector.fromArray(SPECIES, z, column);
        FloatVector which = FloatVector.zero(SPECIES);
        for (int c = 1; c < classes; c++) {
            FloatVector logit = FloatVector.fromArray(SPECIES, z, c * stride + column);
            which = which.blend(constant(c), logit.compare(VectorOperators.GT, largest));
            largest = largest.max(logit);
        }
        which.intoArray(best, column);
        largest.intoArray(max, column);
    }

    private static void exponentials(float[] z, int column, int classes, int stride, float[] max, float[] sum) {
        FloatVector largest = FloatVector.fromArray(SPECIES, max, column);
        FloatVector total = FloatVector.zero(SPECIES);
        for (int c = 0; c < classes; c++) {
            FloatVector e =
                    exp(FloatVector.fromArray(SPECIES, z, c * stride + column).sub(largest));
            e.intoArray(z, c * stride + column);
            total = total.add(e);
        }
        total.intoArray(sum, column);
    }

    private static void scale(float[] z, int column, int classes, int stride, float[] sum) {
        FloatVector scale = FloatVector.broadcast(SPECIES, 1f).div(FloatVector.fromArray(SPECIES, sum, column));
        for (int c = 0; c < classes; c++) {
            FloatVector.fromArray(SPECIES, z, c * stride + column).mul(scale).intoArray(z, c * stride + column);
        }
    }

    /** {@link PlainKernels#exp}, lane by lane. */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(PlainKernels.SMALLEST);
        FloatVector shifted = bounded.fma(constant(PlainKernels.LOG2_E), constant(PlainKernels.ROUND));
        FloatVector n = shifted.sub(PlainKernels.ROUND);
        FloatVector r = n.fma(constant(-PlainKernels.LN2_HIGH), bounded);
        r = n.fma(constant(-PlainKernels.LN2_LOW), r);
        FloatVector p = constant(1f / 5_040);
        p = p.fma(r, constant(1f / 720));
        p = p.fma(r, constant(1f / 120));
        p = p.fma(r, constant(1f / 24));
        p = p.fma(r, constant(1f / 6));
        p = p.fma(r, constant(0.5f));
        p = p.fma(r, constant(1f));
        p = p.fma(r, constant(1f));
        IntVector exponent =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Float.floatToRawIntBits(1f));
        return p.mul(exponent.reinterpretAsFloats());
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
