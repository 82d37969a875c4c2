package dev.kindling.network;

import static dev.kindling.network.VectorKernels.LANES;
import static dev.kindling.network.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The dense product of {@link VectorKernels}.
 *
 * <p>Eight sums at a time stay in registers, enough chains of multiply-adds side by side to hide how long each takes: two
 * vectors of four rows, so that each number read serves several times, or one vector of eight rows where a panel is no wider.
 */
final class VectorDense {
    private VectorDense() {}

    /** {@link Kernels#multiply}. */
    static void multiply(
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
        int j = 0;
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            int i = 0;
            for (; i <= m - 4; i += 4) {
                int from = aOffset + i * aRow;
                int to = cOffset + i * cStride + j;
                fourRows(k, a, from, aRow, aColumn, b, bOffset + j, bStride, c, to, cStride);
            }
            for (; i < m; i++) {
                int from = aOffset + i * aRow;
                int to = cOffset + i * cStride + j;
                oneRow(k, a, from, aColumn, b, bOffset + j, bStride, c, to);
                oneRow(k, a, from, aColumn, b, bOffset + j + LANES, bStride, c, to + LANES);
            }
        }
        for (; j < n; j += LANES) {
            int i = 0;
            for (; i <= m - 8; i += 8) {
                int from = aOffset + i * aRow;
                int to = cOffset + i * cStride + j;
                eightRows(k, a, from, aRow, aColumn, b, bOffset + j, bStride, c, to, cStride);
            }
            for (; i < m; i++) {
                int to = cOffset + i * cStride + j;
                oneRow(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, to);
            }
        }
    }

    private static void fourRows(
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

    private static void eightRows(
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
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, to + cStride);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, to + 2 * cStride);
        FloatVector c3 = FloatVector.fromArray(SPECIES, c, to + 3 * cStride);
        FloatVector c4 = FloatVector.fromArray(SPECIES, c, to + 4 * cStride);
        FloatVector c5 = FloatVector.fromArray(SPECIES, c, to + 5 * cStride);
        FloatVector c6 = FloatVector.fromArray(SPECIES, c, to + 6 * cStride);
        FloatVector c7 = FloatVector.fromArray(SPECIES, c, to + 7 * cStride);
        for (int inner = 0; inner < k; inner++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride);
            int from = aOffset + inner * aColumn;
            c0 = FloatVector.broadcast(SPECIES, a[from]).fma(b0, c0);
            c1 = FloatVector.broadcast(SPECIES, a[from + aRow]).fma(b0, c1);
            c2 = FloatVector.broadcast(SPECIES, a[from + 2 * aRow]).fma(b0, c2);
            c3 = FloatVector.broadcast(SPECIES, a[from + 3 * aRow]).fma(b0, c3);
            c4 = FloatVector.broadcast(SPECIES, a[from + 4 * aRow]).fma(b0, c4);
            c5 = FloatVector.broadcast(SPECIES, a[from + 5 * aRow]).fma(b0, c5);
            c6 = FloatVector.broadcast(SPECIES, a[from + 6 * aRow]).fma(b0, c6);
            c7 = FloatVector.broadcast(SPECIES, a[from + 7 * aRow]).fma(b0, c7);
        }
        c0.intoArray(c, to);
        c1.intoArray(c, to + cStride);
        c2.intoArray(c, to + 2 * cStride);
        c3.intoArray(c, to + 3 * cStride);
        c4.intoArray(c, to + 4 * cStride);
        c5.intoArray(c, to + 5 * cStride);
        c6.intoArray(c, to + 6 * cStride);
        c7.intoArray(c, to + 7 * cStride);
    }

    private static void oneRow(
            int k, float[] a, int aOffset, int aColumn, float[] b, int bOffset, int bStride, float[] c, int to) {
        FloatVector sum = FloatVector.fromArray(SPECIES, c, to);
        for (int inner = 0; inner < k; inner++) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOffset + inner * aColumn]);
            sum = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + inner * bStride), sum);
        }
        sum.intoArray(c, to);
    }
}
