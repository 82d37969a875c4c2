package dev.kindling.network;

import static dev.kindling.network.VectorKernels.LANES;
import static dev.kindling.network.VectorKernels.SPECIES;

import dev.kindling.network.Kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The dense product of {@link VectorKernels}.
 *
 * <p>A tile of C stays in registers: two vectors wide, so that a number of A serves twice, and as many rows high as
 * there are registers for, so that a vector of B serves for each of them. With 512 bits there are 32 registers, and the
 * tile has 8 rows; with fewer bits there may be 16, and it has 4. Then enough chains of multiply-adds run side by side
 * to hide the time that each takes.
 *
 * <p>Where a vector has no second beside it, the tile is one wide and 8 high. The tiles that are 8 high are in
 * {@link VectorTiles}.
 */
final class VectorDense {
    private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() == 512;

    private VectorDense() {}

    /** {@link Kernels#multiply}. */
    static void multiply(int m, int n, int k, float[] a, int aRow, int aColumn, Panels b, Panels c) {
        int j = 0;
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            int b0 = b.column(j);
            int b1 = b.column(j + LANES);
            int i = 0;
            for (; MANY_REGISTERS && i <= m - 8 && (aColumn == 1 || aRow == 1); i += 8) {
                int c0 = c.column(j) + i * c.row();
                int c1 = c.column(j + LANES) + i * c.row();
                if (aColumn == 1) {
                    VectorTiles.eightRowsByTwo(
                            k, a, i * aRow, aRow, b.values(), b0, b1, b.row(), c.values(), c0, c1, c.row());
                } else {
                    VectorTiles.eightColumnsByTwo(
                            k, a, i, aColumn, b.values(), b0, b1, b.row(), c.values(), c0, c1, c.row());
                }
            }
            for (; i <= m - 4; i += 4) {
                int c0 = c.column(j) + i * c.row();
                int c1 = c.column(j + LANES) + i * c.row();
                fourByTwo(k, a, i * aRow, aRow, aColumn, b.values(), b0, b1, b.row(), c.values(), c0, c1, c.row());
            }
            for (; i < m; i++) {
                one(k, a, i * aRow, aColumn, b.values(), b0, b.row(), c.values(), c.column(j) + i * c.row());
                one(k, a, i * aRow, aColumn, b.values(), b1, b.row(), c.values(), c.column(j + LANES) + i * c.row());
            }
        }
        if (j < n) {
            int bAt = b.column(j);
            int i = 0;
            for (; i <= m - 8 && (aColumn == 1 || aRow == 1); i += 8) {
                int cAt = c.column(j) + i * c.row();
                if (aColumn == 1) {
                    VectorTiles.eightRows(k, a, i * aRow, aRow, b.values(), bAt, b.row(), c.values(), cAt, c.row());
                } else {
                    VectorTiles.eightColumns(k, a, i, aColumn, b.values(), bAt, b.row(), c.values(), cAt, c.row());
                }
            }
            for (; i < m; i++) {
                one(k, a, i * aRow, aColumn, b.values(), bAt, b.row(), c.values(), c.column(j) + i * c.row());
            }
        }
    }

    private static void fourByTwo(
            int k,
            float[] a,
            int from,
            int aRow,
            int aColumn,
            float[] b,
            int b0,
            int b1,
            int bRow,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c0 + cRow);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + cRow);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c1 + 2 * cRow);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c1 + 3 * cRow);
        for (int inner = 0; inner < k; inner++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + inner * bRow);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + inner * bRow);
            int at = from + inner * aColumn;
            FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = FloatVector.broadcast(SPECIES, a[at + aRow]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c1);
        s10.intoArray(c, c0 + cRow);
        s11.intoArray(c, c1 + cRow);
        s20.intoArray(c, c0 + 2 * cRow);
        s21.intoArray(c, c1 + 2 * cRow);
        s30.intoArray(c, c0 + 3 * cRow);
        s31.intoArray(c, c1 + 3 * cRow);
    }

    private static void one(int k, float[] a, int from, int aColumn, float[] b, int b0, int bRow, float[] c, int to) {
        FloatVector sum = FloatVector.fromArray(SPECIES, c, to);
        for (int inner = 0; inner < k; inner++) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[from + inner * aColumn]);
            sum = x.fma(FloatVector.fromArray(SPECIES, b, b0 + inner * bRow), sum);
        }
        sum.intoArray(c, to);
    }
}
