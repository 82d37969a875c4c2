package dev.kindling.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API: {@link PlainKernels} says in fewer words what each computes.
 *
 * <p>Two rules keep the JIT compiler from putting vectors on the heap: each hot loop is a small static method of its own,
 * and all of the JVM uses one vector shape (with two, the profile inside the Vector API's own methods is mixed, and
 * JDK 17 gives up).
 */
final class VectorKernels implements Kernels {
    /** At most 256 bits, so that two vectors never are more than a panel. */
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > PANEL / 2
            ? FloatVector.SPECIES_256
            : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();
    /** Columns a pass: two vectors, enough chains of multiply-adds side by side to hide how long each takes. */
    private static final int PASS = 2 * LANES;
    /** Rows that {@link #multiply} takes at a time: with two vectors each, eight sums stay in registers. */
    private static final int ROWS = 4;

    @Override
    public String description() {
        return "Vector API, " + SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public void sparseForward(Block x, int inputs, float[] w, float[] z, int stride) {
        int[] starts = x.starts();
        int next = inputs * PANEL;
        int panel = 0;
        for (; panel <= stride - 2 * PANEL; panel += 2 * PANEL) {
            for (int u = 0; u < PANEL; u += PASS) {
                for (int row = 0; row < x.rows(); row++) {
                    int from = panel * inputs + u;
                    int to = row * stride + panel + u;
                    forwardTwo(starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), w, from, next, z, to);
                }
            }
        }
        for (int u = 0; panel + u < stride; u += PASS) {
            for (int row = 0; row < x.rows(); row++) {
                int from = panel * inputs + u;
                int to = row * stride + panel + u;
                forward(starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), w, from, z, to);
            }
        }
    }

    /** {@link #forward} for two panels, of which the second is {@code next} behind the first: half the look-ups. */
    private static void forwardTwo(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] w,
            int wOffset,
            int next,
            float[] z,
            int to) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = FloatVector.zero(SPECIES);
        FloatVector even2 = FloatVector.zero(SPECIES);
        FloatVector even3 = FloatVector.zero(SPECIES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = FloatVector.zero(SPECIES);
        FloatVector odd2 = FloatVector.zero(SPECIES);
        FloatVector odd3 = FloatVector.zero(SPECIES);
        int last = end - 1;
        int entry = first;
        for (; entry < last; entry += 2) {
            int from = wOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, from), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), even1);
            even2 = x.fma(FloatVector.fromArray(SPECIES, w, from + next), even2);
            even3 = x.fma(FloatVector.fromArray(SPECIES, w, from + next + LANES), even3);
            from = wOffset + columns[entry + 1] * PANEL;
            x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry + 1));
            odd0 = x.fma(FloatVector.fromArray(SPECIES, w, from), odd0);
            odd1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), odd1);
            odd2 = x.fma(FloatVector.fromArray(SPECIES, w, from + next), odd2);
            odd3 = x.fma(FloatVector.fromArray(SPECIES, w, from + next + LANES), odd3);
        }
        if (entry < end) {
            int from = wOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, from), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), even1);
            even2 = x.fma(FloatVector.fromArray(SPECIES, w, from + next), even2);
            even3 = x.fma(FloatVector.fromArray(SPECIES, w, from + next + LANES), even3);
        }
        FloatVector.fromArray(SPECIES, z, to).add(even0.add(odd0)).intoArray(z, to);
        FloatVector.fromArray(SPECIES, z, to + LANES).add(even1.add(odd1)).intoArray(z, to + LANES);
        FloatVector.fromArray(SPECIES, z, to + PANEL).add(even2.add(odd2)).intoArray(z, to + PANEL);
        FloatVector.fromArray(SPECIES, z, to + PANEL + LANES)
                .add(even3.add(odd3))
                .intoArray(z, to + PANEL + LANES);
    }

    private static void forward(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] w,
            int wOffset,
            float[] z,
            int to) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = FloatVector.zero(SPECIES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = FloatVector.zero(SPECIES);
        int last = end - 1;
        int entry = first;
        for (; entry < last; entry += 2) {
            int from = wOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, from), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), even1);
            from = wOffset + columns[entry + 1] * PANEL;
            x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry + 1));
            odd0 = x.fma(FloatVector.fromArray(SPECIES, w, from), odd0);
            odd1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), odd1);
        }
        if (entry < end) {
            int from = wOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, from), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, from + LANES), even1);
        }
        FloatVector.fromArray(SPECIES, z, to).add(even0.add(odd0)).intoArray(z, to);
        FloatVector.fromArray(SPECIES, z, to + LANES).add(even1.add(odd1)).intoArray(z, to + LANES);
    }

    @Override
    public void sparseBackward(Block x, int inputs, float[] d, int stride, float[] g) {
        int[] starts = x.starts();
        int next = inputs * PANEL;
        int panel = 0;
        for (; panel <= stride - 2 * PANEL; panel += 2 * PANEL) {
            for (int u = 0; u < PANEL; u += PASS) {
                for (int row = 0; row < x.rows(); row++) {
                    int from = row * stride + panel + u;
                    int to = panel * inputs + u;
                    backwardTwo(
                            starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), d, from, g, to, next);
                }
            }
        }
        for (int u = 0; panel + u < stride; u += PASS) {
            for (int row = 0; row < x.rows(); row++) {
                int from = row * stride + panel + u;
                int to = panel * inputs + u;
                backward(starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), d, from, g, to);
            }
        }
    }

    /** {@link #backward} for two panels, of which the second is {@code next} behind the first: half the look-ups. */
    private static void backwardTwo(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] d,
            int from,
            float[] g,
            int gOffset,
            int next) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
        FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, d, from + PANEL);
        FloatVector d3 = FloatVector.fromArray(SPECIES, d, from + PANEL + LANES);
        for (int entry = first; entry < end; entry++) {
            int to = gOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            x.fma(d0, FloatVector.fromArray(SPECIES, g, to)).intoArray(g, to);
            x.fma(d1, FloatVector.fromArray(SPECIES, g, to + LANES)).intoArray(g, to + LANES);
            to += next;
            x.fma(d2, FloatVector.fromArray(SPECIES, g, to)).intoArray(g, to);
            x.fma(d3, FloatVector.fromArray(SPECIES, g, to + LANES)).intoArray(g, to + LANES);
        }
    }

    private static void backward(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] d,
            int from,
            float[] g,
            int gOffset) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
        FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + LANES);
        for (int entry = first; entry < end; entry++) {
            int to = gOffset + columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            x.fma(d0, FloatVector.fromArray(SPECIES, g, to)).intoArray(g, to);
            x.fma(d1, FloatVector.fromArray(SPECIES, g, to + LANES)).intoArray(g, to + LANES);
        }
    }

    @Override
    public void multiply(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        for (int j = 0; j < n; j += PASS) {
            int i = 0;
            for (; i <= m - ROWS; i += ROWS) {
                int from = aOffset + i * aRow;
                int to = cOffset + i * cStride + j;
                multiplyRows(k, a, from, aRow, aColumn, b, bOffset + j, bStride, c, to, cStride);
            }
            for (; i < m; i++) {
                int to = cOffset + i * cStride + j;
                multiplyRow(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, to);
            }
        }
    }

    private static void multiplyRows(
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int to,
            int cStride) {
        FloatVector c00 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c01 = FloatVector.fromArray(SPECIES, c, to + LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, c, to + cStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, c, to + cStride + LANES);
        FloatVector c20 = FloatVector.fromArray(SPECIES, c, to + 2 * cStride);
        FloatVector c21 = FloatVector.fromArray(SPECIES, c, to + 2 * cStride + LANES);
        FloatVector c30 = FloatVector.fromArray(SPECIES, c, to + 3 * cStride);
        FloatVector c31 = FloatVector.fromArray(SPECIES, c, to + 3 * cStride + LANES);
        for (int inner = 0; inner < k; inner++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride + LANES);
            int from = aOffset + inner * aColumn;
            FloatVector x = FloatVector.broadcast(SPECIES, a[from]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a[from + aRow]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a[from + 2 * aRow]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a[from + 3 * aRow]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        c00.intoArray(c, to);
        c01.intoArray(c, to + LANES);
        c10.intoArray(c, to + cStride);
        c11.intoArray(c, to + cStride + LANES);
        c20.intoArray(c, to + 2 * cStride);
        c21.intoArray(c, to + 2 * cStride + LANES);
        c30.intoArray(c, to + 3 * cStride);
        c31.intoArray(c, to + 3 * cStride + LANES);
    }

    private static void multiplyRow(
            int k, float[] a, int aOffset, int aColumn, float[] b, int bOffset, int bStride, float[] c, int to) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, to + LANES);
        for (int inner = 0; inner < k; inner++) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOffset + inner * aColumn]);
            c0 = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride), c0);
            c1 = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride + LANES), c1);
        }
        c0.intoArray(c, to);
        c1.intoArray(c, to + LANES);
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
    public void softmax(float[] z, int classes, int stride, float[] max, float[] sum) {
        for (int column = 0; column < stride; column += LANES) {
            largest(z, column, classes, stride, max);
            exponentials(z, column, classes, stride, max, sum);
            scale(z, column, classes, stride, sum);
        }
    }

    private static void largest(float[] z, int column, int classes, int stride, float[] max) {
        FloatVector largest = FloatVector.fromArray(SPECIES, z, column);
        for (int c = 1; c < classes; c++) {
            largest = largest.max(FloatVector.fromArray(SPECIES, z, c * stride + column));
        }
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
