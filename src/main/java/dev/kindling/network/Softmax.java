package dev.kindling.network;

/**
 * Softmax and cross-entropy, fused: p = exp(z) / sum exp(z) and loss = -log p[label] = log(sum exp(z)) - z[label].
 *
 * <p>The maximum is subtracted first, so that no exp overflows, and the loss is taken from the log of the sum, so that
 * a probability too small for a float does not become an infinite loss.
 */
final class Softmax {
    private static final double LOG2_E = 1.4426950408889634;
    /** ln 2 in two parts: the first has trailing zeros, so that n * LN2_HIGH is exact for every n used here. */
    private static final double LN2_HIGH = 0x1.62e42fee00000p-1;

    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Below this, exp is less than a float can show beside the 1 of the maximum, by far. */
    private static final double SMALLEST = -700;

    private Softmax() {}

    /**
     * Turns one row of logits into probabilities.
     *
     * @param z holds the logits from {@code offset} on, and then the probabilities, which sum to 1
     * @param label the row's class
     * @return the row's cross-entropy in nats; NaN or infinite when a logit is
     */
    static double normalise(float[] z, int offset, int classes, int label) {
        float max = z[offset];
        for (int c = 1; c < classes; c++) {
            max = Math.max(max, z[offset + c]);
        }
        double labelLogit = (double) z[offset + label] - max;
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            double e = exp((double) z[offset + c] - max);
            sum += e;
            z[offset + c] = (float) e;
        }
        double scale = 1 / sum;
        for (int c = 0; c < classes; c++) {
            z[offset + c] = (float) (z[offset + c] * scale);
        }
        return StrictMath.log(sum) - labelLogit;
    }

    /**
     * e to the power of x, for x at most 0, to about 1e-10 of its value.
     *
     * <p>Math.exp may differ in the last bit from one platform to the next; this is a fixed sequence of IEEE 754
     * operations and gives the same bits everywhere. x = n ln 2 + r with |r| at most ln 2 / 2, and exp(x) is 2^n times
     * the Taylor series of exp(r).
     */
    static double exp(double x) {
        if (!(x > SMALLEST)) {
            return x <= SMALLEST ? 0 : Double.NaN;
        }
        double n = Math.rint(x * LOG2_E);
        double r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, x));
        double p = 1.0 / 362_880;
        p = Math.fma(p, r, 1.0 / 40_320);
        p = Math.fma(p, r, 1.0 / 5_040);
        p = Math.fma(p, r, 1.0 / 720);
        p = Math.fma(p, r, 1.0 / 120);
        p = Math.fma(p, r, 1.0 / 24);
        p = Math.fma(p, r, 1.0 / 6);
        p = Math.fma(p, r, 0.5);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        return p * Double.longBitsToDouble((long) (n + 1023) << 52);
    }
}
