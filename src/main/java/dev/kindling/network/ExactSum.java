package dev.kindling.network;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Sums of numbers that come block by block, each with the same bits in any order and any grouping of the blocks.
 *
 * <p>Floating-point addition depends on its order, so these are 64-bit fixed-point numbers. For up to 2^r rows the unit
 * is 2^-(46 - r), and each number of a block is rounded to the nearest one. So a sum over n blocks is off by at most n / 2 units,
 * and by far less in most sums, as some numbers are rounded up and others down. That is n / 2 times 2^-46 of a mean over 2^r
 * rows. A mean may reach 2^16 in each block. With that bound the sums over all rows stay within 2^62, so no order of adding can
 * overflow.
 */
public final class ExactSum implements Serializable {
    /** A block's mean must be smaller than this, in size. */
    public static final int LIMIT = 1 << 16;

    private static final long serialVersionUID = 1L;
    private static final int FRACTION_BITS = 46;
    /** Several times as fast as a ByteBuffer. */
    private static final VarHandle NUMBERS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * The first numbers, up to this many, are added one by one, and later ones in vectors. Until the vector code is
     * compiled it is many times slower than plain Java, and it does not pay to compile it for a short step or for the
     * features of a data set.
     */
    private static final int FEW = 1 << 17;

    private static final Kernels PLAIN = new PlainKernels();

    /** The unit is 2 to the power of minus this. */
    private final int fractionBits;
    /** Shape (length). */
    private final long[] sums;

    /** How many numbers have been added. Once there are {@link #FEW}, they are no longer counted. */
    private int added;

    /**
     * Starts at zero.
     *
     * @param length how many sums
     * @param rows at least the rows of all blocks that will ever be added, to this sum and to those that are added to
     *     it
     */
    public ExactSum(int length, long rows) {
        int rowBits = Long.SIZE - Long.numberOfLeadingZeros(rows - 1);
        this.fractionBits = FRACTION_BITS - rowBits;
        this.sums = new long[length];
    }

    /**
     * Adds a block.
     *
     * @param block shape (length): sums over the block's rows; may be longer, as in an evaluation, which sums nothing
     * @return -1, or the index of the first sum that is not finite or past the limit; all sums then mean nothing
     */
    public int add(float[] block, int rows) {
        boolean few = added < FEW;
        added += few ? sums.length : 0;
        return (few ? PLAIN : Kernels.INSTANCE).addFixedPoint(block, fractionBits, (float) LIMIT * rows, sums);
    }

    /** Adds another sum of the same length and rows. */
    public void add(ExactSum other) {
        for (int k = 0; k < sums.length; k++) {
            sums[k] += other.sums[k];
        }
    }

    /** One of the sums. */
    public double sum(int k) {
        return Math.scalb((double) sums[k], -fractionBits);
    }

    /**
     * Shape (length): the sums divided by one number.
     *
     * @param weight how many rows they stand for, or the weights of these rows, added up
     */
    public double[] mean(double weight) {
        double[] mean = new double[sums.length];
        double divisor = Math.scalb(1.0, fractionBits) * weight;
        for (int k = 0; k < mean.length; k++) {
            mean[k] = sums[k];
        }
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= divisor; // a loop of its own, which is compiled to vectors
        }
        return mean;
    }

    /**
     * Writes all sums, {@value Long#BYTES} bytes each.
     *
     * @param at where in the array they go
     * @return where they end
     */
    public int writeTo(byte[] to, int at) {
        for (int k = 0; k < sums.length; k++) {
            NUMBERS.set(to, at + k * Long.BYTES, sums[k]);
        }
        return at + sums.length * Long.BYTES;
    }

    /**
     * Adds sums of the same length and rows.
     *
     * @param at where in the array {@link #writeTo} has left them
     * @return where they end
     */
    public int add(byte[] from, int at) {
        return add(from, at, 0, sums.length);
    }

    /**
     * Adds some of them.
     *
     * @param at where in the array the first of these is
     * @param first which one it is, from 0
     * @param count how many there are
     * @return where they end
     */
    public int add(byte[] from, int at, int first, int count) {
        for (int k = 0; k < count; k++) {
            sums[first + k] += (long) NUMBERS.get(from, at + k * Long.BYTES);
        }
        return at + count * Long.BYTES;
    }
}
