package dev.kindling.network;

import static dev.kindling.network.Kernels.PANEL;
import static dev.kindling.network.VectorKernels.LANES;
import static dev.kindling.network.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The two products with a sparse block, of {@link VectorKernels}.
 *
 * <p>An entry's column and value are looked up once for as many vectors of units as there are, up to four: a pass over all
 * rows for each four, then for two, then for one. With 512 bits a panel is one vector, with 256 two, with 128 four.
 */
final class VectorSparse {
    private VectorSparse() {}

    /** {@link Kernels#sparseForward}. */
    static void forward(Block x, int inputs, float[] w, float[] z, int stride) {
        int[] starts = x.starts();
        int u = 0;
        for (; u <= stride - 4 * LANES; u += 4 * LANES) {
            int at0 = columnStart(u, inputs);
            int at1 = columnStart(u + LANES, inputs);
            int at2 = columnStart(u + 2 * LANES, inputs);
            int at3 = columnStart(u + 3 * LANES, inputs);
            for (int row = 0; row < x.rows(); row++) {
                forwardFour(
                        starts[row],
                        starts[row + 1],
                        x.columns(),
                        x.levels(),
                        x.values(),
                        w,
                        at0,
                        at1,
                        at2,
                        at3,
                        z,
                        row * stride + u);
            }
        }
        for (; u <= stride - 2 * LANES; u += 2 * LANES) {
            int at0 = columnStart(u, inputs);
            int at1 = columnStart(u + LANES, inputs);
            for (int row = 0; row < x.rows(); row++) {
                forwardTwo(
                        starts[row],
                        starts[row + 1],
                        x.columns(),
                        x.levels(),
                        x.values(),
                        w,
                        at0,
                        at1,
                        z,
                        row * stride + u);
            }
        }
        for (; u < stride; u += LANES) {
            int at0 = columnStart(u, inputs);
            for (int row = 0; row < x.rows(); row++) {
                forwardOne(
                        starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), w, at0, z, row * stride + u);
            }
        }
    }

    private static void forwardFour(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] w,
            int w0,
            int w1,
            int w2,
            int w3,
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
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), even1);
            even2 = x.fma(FloatVector.fromArray(SPECIES, w, w2 + at), even2);
            even3 = x.fma(FloatVector.fromArray(SPECIES, w, w3 + at), even3);
            at = columns[entry + 1] * PANEL;
            x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry + 1));
            odd0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), odd0);
            odd1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), odd1);
            odd2 = x.fma(FloatVector.fromArray(SPECIES, w, w2 + at), odd2);
            odd3 = x.fma(FloatVector.fromArray(SPECIES, w, w3 + at), odd3);
        }
        if (entry < end) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), even1);
            even2 = x.fma(FloatVector.fromArray(SPECIES, w, w2 + at), even2);
            even3 = x.fma(FloatVector.fromArray(SPECIES, w, w3 + at), even3);
        }
        addTo(z, to, even0.add(odd0));
        addTo(z, to + LANES, even1.add(odd1));
        addTo(z, to + 2 * LANES, even2.add(odd2));
        addTo(z, to + 3 * LANES, even3.add(odd3));
    }

    private static void forwardTwo(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] w,
            int w0,
            int w1,
            float[] z,
            int to) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = FloatVector.zero(SPECIES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = FloatVector.zero(SPECIES);
        int last = end - 1;
        int entry = first;
        for (; entry < last; entry += 2) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), even1);
            at = columns[entry + 1] * PANEL;
            x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry + 1));
            odd0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), odd0);
            odd1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), odd1);
        }
        if (entry < end) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
            even1 = x.fma(FloatVector.fromArray(SPECIES, w, w1 + at), even1);
        }
        addTo(z, to, even0.add(odd0));
        addTo(z, to + LANES, even1.add(odd1));
    }

    private static void forwardOne(
            int first, int end, char[] columns, byte[] levels, float[] values, float[] w, int w0, float[] z, int to) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        int last = end - 1;
        int entry = first;
        for (; entry < last; entry += 2) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
            at = columns[entry + 1] * PANEL;
            x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry + 1));
            odd0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), odd0);
        }
        if (entry < end) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            even0 = x.fma(FloatVector.fromArray(SPECIES, w, w0 + at), even0);
        }
        addTo(z, to, even0.add(odd0));
    }

    private static void addTo(float[] z, int to, FloatVector sum) {
        FloatVector.fromArray(SPECIES, z, to).add(sum).intoArray(z, to);
    }

    /** {@link Kernels#sparseBackward}. */
    static void backward(Block x, int inputs, float[] d, int stride, float[] g) {
        int[] starts = x.starts();
        int u = 0;
        for (; u <= stride - 4 * LANES; u += 4 * LANES) {
            int at0 = columnStart(u, inputs);
            int at1 = columnStart(u + LANES, inputs);
            int at2 = columnStart(u + 2 * LANES, inputs);
            int at3 = columnStart(u + 3 * LANES, inputs);
            for (int row = 0; row < x.rows(); row++) {
                backwardFour(
                        starts[row],
                        starts[row + 1],
                        x.columns(),
                        x.levels(),
                        x.values(),
                        d,
                        row * stride + u,
                        g,
                        at0,
                        at1,
                        at2,
                        at3);
            }
        }
        for (; u <= stride - 2 * LANES; u += 2 * LANES) {
            int at0 = columnStart(u, inputs);
            int at1 = columnStart(u + LANES, inputs);
            for (int row = 0; row < x.rows(); row++) {
                backwardTwo(
                        starts[row],
                        starts[row + 1],
                        x.columns(),
                        x.levels(),
                        x.values(),
                        d,
                        row * stride + u,
                        g,
                        at0,
                        at1);
            }
        }
        for (; u < stride; u += LANES) {
            int at0 = columnStart(u, inputs);
            for (int row = 0; row < x.rows(); row++) {
                backwardOne(
                        starts[row], starts[row + 1], x.columns(), x.levels(), x.values(), d, row * stride + u, g, at0);
            }
        }
    }

    private static void backwardFour(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] d,
            int from,
            float[] g,
            int g0,
            int g1,
            int g2,
            int g3) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
        FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, d, from + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, d, from + 3 * LANES);
        for (int entry = first; entry < end; entry++) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            x.fma(d0, FloatVector.fromArray(SPECIES, g, g0 + at)).intoArray(g, g0 + at);
            x.fma(d1, FloatVector.fromArray(SPECIES, g, g1 + at)).intoArray(g, g1 + at);
            x.fma(d2, FloatVector.fromArray(SPECIES, g, g2 + at)).intoArray(g, g2 + at);
            x.fma(d3, FloatVector.fromArray(SPECIES, g, g3 + at)).intoArray(g, g3 + at);
        }
    }

    private static void backwardTwo(
            int first,
            int end,
            char[] columns,
            byte[] levels,
            float[] values,
            float[] d,
            int from,
            float[] g,
            int g0,
            int g1) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
        FloatVector d1 = FloatVector.fromArray(SPECIES, d, from + LANES);
        for (int entry = first; entry < end; entry++) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            x.fma(d0, FloatVector.fromArray(SPECIES, g, g0 + at)).intoArray(g, g0 + at);
            x.fma(d1, FloatVector.fromArray(SPECIES, g, g1 + at)).intoArray(g, g1 + at);
        }
    }

    private static void backwardOne(
            int first, int end, char[] columns, byte[] levels, float[] values, float[] d, int from, float[] g, int g0) {
        FloatVector d0 = FloatVector.fromArray(SPECIES, d, from);
        for (int entry = first; entry < end; entry++) {
            int at = columns[entry] * PANEL;
            FloatVector x = FloatVector.broadcast(SPECIES, Block.value(levels, values, entry));
            x.fma(d0, FloatVector.fromArray(SPECIES, g, g0 + at)).intoArray(g, g0 + at);
        }
    }

    /** Where the column of a matrix in panels starts: {@value Kernels#PANEL} further on is the same column of the next row. */
    private static int columnStart(int column, int rows) {
        return column / PANEL * PANEL * rows + column % PANEL;
    }
}
