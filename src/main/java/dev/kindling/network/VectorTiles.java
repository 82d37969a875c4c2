package dev.kindling.network;

import static dev.kindling.network.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The tiles of {@link VectorDense} that are 8 rows high, one or two vectors wide.
 *
 * <p>Each has a loop for either way that A can lie. The compiler's checks of indices would be more work than the
 * product, and it can leave out most of them where it knows that the numbers of a row, or of a column, lie side by
 * side. They cannot share code, because JDK 17 keeps vectors in registers only as variables with names of their own.
 */
final class VectorTiles {
    private VectorTiles() {}

    /** For an A that is row-major. */
    static void eightRowsByTwo(
            int k,
            float[] a,
            int from,
            int aRow,
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
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c1 + 4 * cRow);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cRow);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c1 + 5 * cRow);
        FloatVector s60 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cRow);
        FloatVector s61 = FloatVector.fromArray(SPECIES, c, c1 + 6 * cRow);
        FloatVector s70 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cRow);
        FloatVector s71 = FloatVector.fromArray(SPECIES, c, c1 + 7 * cRow);
        for (int inner = 0; inner < k; inner++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + inner * bRow);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + inner * bRow);
            FloatVector x = FloatVector.broadcast(SPECIES, a[from + inner]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = FloatVector.broadcast(SPECIES, a[from + aRow + inner]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = FloatVector.broadcast(SPECIES, a[from + 2 * aRow + inner]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = FloatVector.broadcast(SPECIES, a[from + 3 * aRow + inner]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            x = FloatVector.broadcast(SPECIES, a[from + 4 * aRow + inner]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            x = FloatVector.broadcast(SPECIES, a[from + 5 * aRow + inner]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
            x = FloatVector.broadcast(SPECIES, a[from + 6 * aRow + inner]);
            s60 = x.fma(y0, s60);
            s61 = x.fma(y1, s61);
            x = FloatVector.broadcast(SPECIES, a[from + 7 * aRow + inner]);
            s70 = x.fma(y0, s70);
            s71 = x.fma(y1, s71);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c1);
        s10.intoArray(c, c0 + cRow);
        s11.intoArray(c, c1 + cRow);
        s20.intoArray(c, c0 + 2 * cRow);
        s21.intoArray(c, c1 + 2 * cRow);
        s30.intoArray(c, c0 + 3 * cRow);
        s31.intoArray(c, c1 + 3 * cRow);
        s40.intoArray(c, c0 + 4 * cRow);
        s41.intoArray(c, c1 + 4 * cRow);
        s50.intoArray(c, c0 + 5 * cRow);
        s51.intoArray(c, c1 + 5 * cRow);
        s60.intoArray(c, c0 + 6 * cRow);
        s61.intoArray(c, c1 + 6 * cRow);
        s70.intoArray(c, c0 + 7 * cRow);
        s71.intoArray(c, c1 + 7 * cRow);
    }

    /** For an A that is read transposed. */
    static void eightColumnsByTwo(
            int k,
            float[] a,
            int from,
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
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c1 + 4 * cRow);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cRow);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c1 + 5 * cRow);
        FloatVector s60 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cRow);
        FloatVector s61 = FloatVector.fromArray(SPECIES, c, c1 + 6 * cRow);
        FloatVector s70 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cRow);
        FloatVector s71 = FloatVector.fromArray(SPECIES, c, c1 + 7 * cRow);
        for (int inner = 0; inner < k; inner++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + inner * bRow);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b1 + inner * bRow);
            int at = from + inner * aColumn;
            FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = FloatVector.broadcast(SPECIES, a[at + 1]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = FloatVector.broadcast(SPECIES, a[at + 2]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = FloatVector.broadcast(SPECIES, a[at + 3]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            x = FloatVector.broadcast(SPECIES, a[at + 4]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            x = FloatVector.broadcast(SPECIES, a[at + 5]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
            x = FloatVector.broadcast(SPECIES, a[at + 6]);
            s60 = x.fma(y0, s60);
            s61 = x.fma(y1, s61);
            x = FloatVector.broadcast(SPECIES, a[at + 7]);
            s70 = x.fma(y0, s70);
            s71 = x.fma(y1, s71);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c1);
        s10.intoArray(c, c0 + cRow);
        s11.intoArray(c, c1 + cRow);
        s20.intoArray(c, c0 + 2 * cRow);
        s21.intoArray(c, c1 + 2 * cRow);
        s30.intoArray(c, c0 + 3 * cRow);
        s31.intoArray(c, c1 + 3 * cRow);
        s40.intoArray(c, c0 + 4 * cRow);
        s41.intoArray(c, c1 + 4 * cRow);
        s50.intoArray(c, c0 + 5 * cRow);
        s51.intoArray(c, c1 + 5 * cRow);
        s60.intoArray(c, c0 + 6 * cRow);
        s61.intoArray(c, c1 + 6 * cRow);
        s70.intoArray(c, c0 + 7 * cRow);
        s71.intoArray(c, c1 + 7 * cRow);
    }

    /** For a tile of one vector, of an A that is row-major. */
    static void eightRows(
            int k, float[] a, int from, int aRow, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + cRow);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cRow);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cRow);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cRow);
        for (int inner = 0; inner < k; inner++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + inner * bRow);
            s0 = FloatVector.broadcast(SPECIES, a[from + inner]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[from + aRow + inner]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[from + 2 * aRow + inner]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[from + 3 * aRow + inner]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[from + 4 * aRow + inner]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[from + 5 * aRow + inner]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[from + 6 * aRow + inner]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[from + 7 * aRow + inner]).fma(y, s7);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + cRow);
        s2.intoArray(c, c0 + 2 * cRow);
        s3.intoArray(c, c0 + 3 * cRow);
        s4.intoArray(c, c0 + 4 * cRow);
        s5.intoArray(c, c0 + 5 * cRow);
        s6.intoArray(c, c0 + 6 * cRow);
        s7.intoArray(c, c0 + 7 * cRow);
    }

    /** For a tile of one vector, of an A that is read transposed. */
    static void eightColumns(
            int k, float[] a, int from, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + cRow);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cRow);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cRow);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cRow);
        for (int inner = 0; inner < k; inner++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + inner * bRow);
            int at = from + inner * aColumn;
            s0 = FloatVector.broadcast(SPECIES, a[at]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[at + 1]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[at + 2]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[at + 3]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[at + 4]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[at + 5]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[at + 6]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[at + 7]).fma(y, s7);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + cRow);
        s2.intoArray(c, c0 + 2 * cRow);
        s3.intoArray(c, c0 + 3 * cRow);
        s4.intoArray(c, c0 + 4 * cRow);
        s5.intoArray(c, c0 + 5 * cRow);
        s6.intoArray(c, c0 + 6 * cRow);
        s7.intoArray(c, c0 + 7 * cRow);
    }
}
