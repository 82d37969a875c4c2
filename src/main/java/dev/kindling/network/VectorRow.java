package dev.kindling.network;

import static dev.kindling.network.VectorKernels.LANES;
import static dev.kindling.network.VectorKernels.SPECIES;

import dev.kindling.network.Kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The product of one row and a matrix of {@link VectorKernels}. Each sum is a chain of multiply-adds, which has to wait for the one
 * before: so four vectors of sums are added up side by side, as long as there are so many.
 */
final class VectorRow {
    private VectorRow() {}

    /** {@link Kernels#multiplyRow}. */
    static void multiply(float[] x, int[] at, int count, Panels w, float[] z, int stride) {
        int j = 0;
        for (; j <= stride - 4 * LANES; j += 4 * LANES) {
            int w0 = w.column(j);
            int w1 = w.column(j + LANES);
            int w2 = w.column(j + 2 * LANES);
            int w3 = w.column(j + 3 * LANES);
            four(x, at, count, w.values(), w0, w1, w2, w3, w.row(), z, j);
        }
        for (; j <= stride - 2 * LANES; j += 2 * LANES) {
            two(x, at, count, w.values(), w.column(j), w.column(j + LANES), w.row(), z, j);
        }
        for (; j < stride; j += LANES) {
            one(x, at, count, w.values(), w.column(j), w.row(), z, j);
        }
    }

    private static void four(
            float[] x, int[] at, int count, float[] w, int w0, int w1, int w2, int w3, int wRow, float[] z, int to) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, z, to);
        FloatVector s1 = FloatVector.fromArray(SPECIES, z, to + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, z, to + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, z, to + 3 * LANES);
        for (int k = 0; k < count; k++) {
            int row = at[k] * wRow;
            FloatVector value = FloatVector.broadcast(SPECIES, x[at[k]]);
            s0 = value.fma(FloatVector.fromArray(SPECIES, w, w0 + row), s0);
            s1 = value.fma(FloatVector.fromArray(SPECIES, w, w1 + row), s1);
            s2 = value.fma(FloatVector.fromArray(SPECIES, w, w2 + row), s2);
            s3 = value.fma(FloatVector.fromArray(SPECIES, w, w3 + row), s3);
        }
        s0.intoArray(z, to);
        s1.intoArray(z, to + LANES);
        s2.intoArray(z, to + 2 * LANES);
        s3.intoArray(z, to + 3 * LANES);
    }

    private static void two(float[] x, int[] at, int count, float[] w, int w0, int w1, int wRow, float[] z, int to) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, z, to);
        FloatVector s1 = FloatVector.fromArray(SPECIES, z, to + LANES);
        for (int k = 0; k < count; k++) {
            int row = at[k] * wRow;
            FloatVector value = FloatVector.broadcast(SPECIES, x[at[k]]);
            s0 = value.fma(FloatVector.fromArray(SPECIES, w, w0 + row), s0);
            s1 = value.fma(FloatVector.fromArray(SPECIES, w, w1 + row), s1);
        }
        s0.intoArray(z, to);
        s1.intoArray(z, to + LANES);
    }

    private static void one(float[] x, int[] at, int count, float[] w, int w0, int wRow, float[] z, int to) {
        FloatVector sum = FloatVector.fromArray(SPECIES, z, to);
        for (int k = 0; k < count; k++) {
            FloatVector value = FloatVector.broadcast(SPECIES, x[at[k]]);
            sum = value.fma(FloatVector.fromArray(SPECIES, w, w0 + at[k] * wRow), sum);
        }
        sum.intoArray(z, to);
    }
}
