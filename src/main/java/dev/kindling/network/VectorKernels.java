package dev.kindling.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API: {@link PlainKernels} says in fewer words what each computes. The products are in
 * {@link VectorSparse} and {@link VectorDense}.
 *
 * <p>Three rules keep the JIT compiler from putting vectors on the heap. A method has a hot loop or two and little else. None is
 * given a vector or returns one: whether it is inlined depends on what was compiled first, and on the JVM's options. And all
 * of the JVM uses one vector shape: with two, the profile inside the Vector API's own methods is mixed, and JDK 17 gives up.
 */
final class VectorKernels implements Kernels {
    /** At most a panel. */
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > PANEL ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    static final int LANES = SPECIES.length();
    static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final VectorSpecies<Long> LONGS = SPECIES.withLanes(long.class);
    /** The bits that a float stores. One more bit before them, which is 1, is implied. */
    private static final int SIGNIFICAND_BITS = 23;

    @Override
    public String description() {
        return "Vector API, " + SPECIES.vectorBitSize() + " bits";
    }

    /** With 512 bits it is one and a half times as fast; with 256 OpenBLAS is faster (docs/benchmarks.md). */
    @Override
    public boolean beatsNativeBlas() {
        return SPECIES.vectorBitSize() == 512;
    }

    @Override
    public boolean gainsFromBlocks() {
        return true;
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
    public void multiplyRow(float[] x, int[] at, int count, Panels w, float[] z, int stride) {
        VectorRow.multiply(x, at, count, w, z, stride);
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

    /** 0 times a number is 0 if it is finite, and NaN if not; NaN remains NaN in a sum. */
    @Override
    public boolean areFinite(float[] values) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector even = zero;
        FloatVector odd = zero;
        int k = 0;
        for (; k <= values.length - 2 * LANES; k += 2 * LANES) {
            even = FloatVector.fromArray(SPECIES, values, k).fma(zero, even);
            odd = FloatVector.fromArray(SPECIES, values, k + LANES).fma(zero, odd);
        }
        boolean finite = even.add(odd).compare(VectorOperators.EQ, zero).allTrue();
        for (; k < values.length; k++) {
            finite &= Float.isFinite(values[k]);
        }
        return finite;
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
            which = which.blend(FloatVector.broadcast(SPECIES, c), logit.compare(VectorOperators.GT, largest));
            largest = largest.max(logit);
        }
        which.intoArray(best, column);
        largest.intoArray(max, column);
    }

    /** {@link PlainKernels#exp} of each lane. */
    private static void exponentials(float[] z, int column, int classes, int stride, float[] max, float[] sum) {
        FloatVector largest = FloatVector.fromArray(SPECIES, max, column);
        FloatVector total = FloatVector.zero(SPECIES);
        for (int c = 0; c < classes; c++) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, c * stride + column)
                    .sub(largest)
                    .max(PlainKernels.SMALLEST);
            FloatVector shifted = x.fma(
                    FloatVector.broadcast(SPECIES, PlainKernels.LOG2_E),
                    FloatVector.broadcast(SPECIES, PlainKernels.ROUND));
            FloatVector n = shifted.sub(PlainKernels.ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -PlainKernels.LN2_HIGH), x);
            r = n.fma(FloatVector.broadcast(SPECIES, -PlainKernels.LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, 1f / 5_040);
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f / 720));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f / 120));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f / 24));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f / 6));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 0.5f));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1f));
            IntVector exponent = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .add(Float.floatToRawIntBits(1f));
            FloatVector e = p.mul(exponent.reinterpretAsFloats());
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

    /**
     * Copies whole vectors; the next row overwrites their padding. The last numbers are copied on their own, so that
     * nothing is written past the last row.
     */
    @Override
    public void unpad(float[] padded, int depth, int rows, int columns, float[] to, int at) {
        int end = at + rows * columns;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column += LANES) {
                int from = (column / PANEL * depth + row) * PANEL + column % PANEL;
                int target = at + row * columns + column;
                if (target + LANES <= end) {
                    FloatVector.fromArray(SPECIES, padded, from).intoArray(to, target);
                } else {
                    System.arraycopy(padded, from, to, target, Math.min(LANES, columns - column));
                }
            }
        }
    }

    /**
     * A float is its significand, of 24 bits, times a power of two: in fixed point that is the significand shifted by as much,
     * to the right while it is an int, rounded there, to the left when it is a long. JDK 17 has no conversion of floats to longs
     * in lanes.
     *
     * <p>Each round widens the lower half of its lanes and the next one loads the upper half again: JDK 17 widens an upper half
     * by shuffles that it often fails to compile, and the vectors are on the heap then.
     */
    @Override
    public int addFixedPoint(float[] numbers, int fractionBits, float limit, long[] sums) {
        IntVector largest = IntVector.zero(INTS);
        int k = 0;
        for (; k <= sums.length - LANES; k += LONGS.length()) {
            IntVector bits = FloatVector.fromArray(SPECIES, numbers, k).reinterpretAsInts();
            largest = largest.max(bits.and(Integer.MAX_VALUE));
            IntVector shift = bits.lanewise(VectorOperators.LSHR, SIGNIFICAND_BITS)
                    .and(0xff)
                    .add(fractionBits - Float.MAX_EXPONENT - SIGNIFICAND_BITS);
            IntVector right = shift.neg().max(0).min(Integer.SIZE - 1);
            // One bit more than is kept: to add half a unit is to add 1 to it.
            IntVector significand = bits.and((1 << SIGNIFICAND_BITS) - 1)
                    .or(1 << SIGNIFICAND_BITS)
                    .lanewise(VectorOperators.LSHL, 1)
                    .lanewise(VectorOperators.LSHR, right)
                    .add(1)
                    .lanewise(VectorOperators.LSHR, 1);
            IntVector sign = bits.lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
            IntVector number = significand.lanewise(VectorOperators.XOR, sign).sub(sign);
            LongVector wide = (LongVector) number.convertShape(VectorOperators.I2L, LONGS, 0);
            LongVector left = (LongVector) shift.max(0).convertShape(VectorOperators.I2L, LONGS, 0);
            LongVector.fromArray(LONGS, sums, k)
                    .add(wide.lanewise(VectorOperators.LSHL, left))
                    .intoArray(sums, k);
        }
        boolean inRange = largest.reduceLanes(VectorOperators.MAX) < Float.floatToRawIntBits(limit);
        // The rest; or, if a number is out of range, all numbers from the first on, up to that one.
        return PlainKernels.addFixedPoint(numbers, inRange ? k : 0, fractionBits, limit, sums);
    }
}
