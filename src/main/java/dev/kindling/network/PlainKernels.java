package dev.kindling.network;

import static dev.kindling.network.Block.STRIP;

/**
 * The kernels in plain Java. {@code VectorKernels} must give the same results, bit for bit; this class runs where that
 * one cannot.
 */
final class PlainKernels implements Kernels {
    static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts: the first has trailing zeros, so that n * LN2_HIGH is exact for every n used here. */
    static final float LN2_HIGH = 0x1.63p-1f;

    static final float LN2_LOW = -0x1.bd0106p-13f;
    /** 1.5 * 2^23: a float is rounded to a whole number when this is added to it and subtracted again. */
    static final float ROUND = 0x1.8p23f;
    /**
     * exp of this is about the smallest float that is not denormal. It counts as 0 beside the maximum, whose exp is 1.
     */
    static final float SMALLEST = -87f;

    @Override
    public String description() {
        return "plain Java, at least ten times slower than the Vector API, which needs --add-modules"
                + " jdk.incubator.vector";
    }

    @Override
    public boolean beatsNativeBlas() {
        return false;
    }

    @Override
    public boolean gainsFromBlocks() {
        return false;
    }

    @Override
    public void unpack(int[] levels, float[] values) {
        for (int k = 0; k < 4; k++) {
            for (int n = 0; n < levels.length; n++) {
                values[k * levels.length + n] = SparseRows.LEVELS[(levels[n] >>> (k * Byte.SIZE)) & 0xff];
            }
        }
    }

    @Override
    public void sparseForward(Block x, float[] values, float[] w, float[] z, int stride) {
        for (int panel = 0; panel < stride; panel += PANEL) {
            for (int k = 0; k < x.strips() * STRIP; k++) {
                int from = panel * x.strips() * STRIP + k * PANEL;
                for (int cell = x.starts()[k / STRIP]; cell < x.starts()[k / STRIP + 1]; cell++) {
                    float value = values[cell * STRIP + k % STRIP];
                    int to = x.cellRows()[cell] * stride + panel;
                    for (int u = 0; u < PANEL; u++) {
                        z[to + u] = Math.fma(value, w[from + u], z[to + u]);
                    }
                }
            }
        }
    }

    @Override
    public void sparseBackward(Block x, float[] values, float[] d, int stride, float[] g) {
        for (int panel = 0; panel < stride; panel += PANEL) {
            for (int k = 0; k < x.strips() * STRIP; k++) {
                int to = panel * x.strips() * STRIP + k * PANEL;
                for (int cell = x.starts()[k / STRIP]; cell < x.starts()[k / STRIP + 1]; cell++) {
                    float value = values[cell * STRIP + k % STRIP];
                    int from = x.cellRows()[cell] * stride + panel;
                    for (int u = 0; u < PANEL; u++) {
                        g[to + u] = Math.fma(value, d[from + u], g[to + u]);
                    }
                }
            }
        }
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, int aRow, int aColumn, Panels b, Panels c) {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                int to = i * c.row() + c.column(j);
                for (int inner = 0; inner < k; inner++) {
                    float x = a[i * aRow + inner * aColumn];
                    c.values()[to] = Math.fma(x, b.values()[inner * b.row() + b.column(j)], c.values()[to]);
                }
            }
        }
    }

    @Override
    public void multiplyRow(float[] x, int[] at, int count, Panels w, float[] z, int stride) {
        for (int panel = 0; panel < stride; panel += PANEL) {
            int column = w.column(panel);
            for (int k = 0; k < count; k++) {
                addRow(x[at[k]], w.values(), column + at[k] * w.row(), z, panel);
            }
        }
    }

    /** A method of its own, so that its loop is compiled to vectors. */
    private static void addRow(float x, float[] w, int from, float[] z, int to) {
        for (int u = 0; u < PANEL; u++) {
            z[to + u] = Math.fma(x, w[from + u], z[to + u]);
        }
    }

    @Override
    public void relu(float[] z, int rows, int stride, float[] active) {
        for (int u = 0; u < stride; u++) {
            active[u] = 0;
        }
        for (int k = 0; k < rows * stride; k++) {
            active[k % stride] += z[k] > 0 ? 1 : 0;
            z[k] = Math.max(z[k], 0f);
        }
    }

    @Override
    public boolean areFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void gate(float[] d, float[] a, int length) {
        for (int k = 0; k < length; k++) {
            d[k] = a[k] > 0 ? d[k] : 0f;
        }
    }

    @Override
    public void softmax(float[] z, int classes, int stride, float[] best, float[] max, float[] sum) {
        for (int column = 0; column < stride; column++) {
            best[column] = 0;
            max[column] = z[column];
            for (int c = 1; c < classes; c++) {
                best[column] = z[c * stride + column] > max[column] ? c : best[column];
                max[column] = Math.max(max[column], z[c * stride + column]);
            }
            sum[column] = 0;
            for (int c = 0; c < classes; c++) {
                float e = exp(z[c * stride + column] - max[column]);
                z[c * stride + column] = e;
                sum[column] += e;
            }
            float scale = 1 / sum[column];
            for (int c = 0; c < classes; c++) {
                z[c * stride + column] *= scale;
            }
        }
    }

    @Override
    public void unpad(float[] padded, int depth, int rows, int columns, float[] to, int at) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int panel = column / PANEL;
                to[at + row * columns + column] = padded[(panel * depth + row) * PANEL + column % PANEL];
            }
        }
    }

    @Override
    public int addFixedPoint(float[] numbers, int fractionBits, float limit, long[] sums) {
        return addFixedPoint(numbers, 0, fractionBits, limit, sums);
    }

    /** The same from a number on. */
    static int addFixedPoint(float[] numbers, int first, int fractionBits, float limit, long[] sums) {
        double units = Math.scalb(1.0, fractionBits);
        for (int k = first; k < sums.length; k++) {
            if (!(Math.abs(numbers[k]) < limit)) {
                return k;
            }
            double inUnits = numbers[k] * units;
            // Exact: a float with a part of a unit is not so large that the double would lose the half.
            sums[k] += (long) (inUnits + Math.copySign(0.5, inUnits));
        }
        return -1;
    }

    /**
     * e to the power of x, for x at most 0, to about 1e-7 of its value; NaN for NaN.
     *
     * <p>Math.exp may differ in the last bit from one platform to the next; this is a fixed sequence of IEEE 754
     * operations and gives the same bits everywhere. x = n ln 2 + r with |r| at most ln 2 / 2, and exp(x) is 2^n times
     * the Taylor series of exp(r).
     */
    static float exp(float x) {
        float bounded = Math.max(x, SMALLEST);
        float shifted = Math.fma(bounded, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, bounded));
        float p = 1f / 5_040;
        p = Math.fma(p, r, 1f / 720);
        p = Math.fma(p, r, 1f / 120);
        p = Math.fma(p, r, 1f / 24);
        p = Math.fma(p, r, 1f / 6);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        // The low bits of "shifted" are n: moved to where the exponent is and added to that of 1, they make 2^n.
        return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + Float.floatToRawIntBits(1f));
    }
}
