package dev.kindling.data.tables;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * The weighted sums of each column of numbers and of their squares, with the same bits in any order and any grouping of the rows.
 *
 * <p>A value x is taken as u = (x - middle) / half, which lies from -1 to 1, and sums of w u and w u^2 are 64-bit fixed-point
 * numbers. Where a column is mostly 0, the middle is 0, so zeros add nothing. The standard deviation of a column is at least half
 * the range divided by the square root of the number of rows. So it is precise also where all values are far from 0, or one is
 * far from the others.
 */
@DefaultSerializer(JavaSerializer.class)
final class ColumnSums implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BITS = 62;

    private final double unit;
    /** Shape (columns). */
    private final double[] middle;
    /** Shape (columns). */
    private final double[] half;
    /** Shape (columns), in units. */
    private final long[] sums;
    /** Shape (columns), in units. */
    private final long[] squares;
    /** Shape (labels), in units: the weights of the rows of each. */
    private final long[] weights;
    /** How many rows have been added. */
    private long added;
    /** The sum of the hashes of all rows of the table, modulo 2^64. */
    private long hashes;

    /**
     * @param ranges of the rows
     * @param rows how many there are at most
     * @param labels how many different ones, at least 1
     */
    ColumnSums(ColumnRanges ranges, long rows, int labels) {
        int columns = ranges.columns();
        this.unit = Math.scalb(1.0, BITS - (Long.SIZE - Long.numberOfLeadingZeros(rows)));
        this.middle = new double[columns];
        this.half = new double[columns];
        this.sums = new long[columns];
        this.squares = new long[columns];
        this.weights = new long[labels];
        for (int column = 0; column < columns; column++) {
            double min = ranges.min(column);
            double max = ranges.max(column);
            boolean isSparse = ranges.isSparse(column);
            middle[column] = isSparse ? 0 : min / 2 + max / 2;
            half[column] = isSparse ? Math.max(Math.abs(min), Math.abs(max)) : max / 2 - min / 2;
        }
    }

    /**
     * Adds a value.
     *
     * @param weight 0 to 1
     */
    void add(int column, double value, double weight) {
        if (half[column] > 0) {
            double u = (value - middle[column]) / half[column];
            sums[column] += Math.round(weight * u * unit);
            squares[column] += Math.round(weight * u * u * unit);
        }
    }

    /** Adds the weight of a row, 0 to 1. */
    void addRow(int label, double weight) {
        weights[label] += Math.round(weight * unit);
        added++;
    }

    /** Adds the hash of a row, whether it is one of those whose values are added or not. */
    void addHash(long hash) {
        hashes += hash;
    }

    /** Adds other sums of the same rows. */
    ColumnSums plus(ColumnSums other) {
        add(sums, other.sums);
        add(squares, other.squares);
        add(weights, other.weights);
        added += other.added;
        hashes += other.hashes;
        return this;
    }

    private static void add(long[] to, long... from) {
        for (int k = 0; k < to.length; k++) {
            to[k] += from[k];
        }
    }

    /** How many rows have been added. */
    long rows() {
        return added;
    }

    /** The sum of the hashes of all rows of the table, modulo 2^64. */
    long hashes() {
        return hashes;
    }

    /** Whether zeros of a column add nothing, and need not be added. */
    boolean skipsZeros(int column) {
        return middle[column] == 0;
    }

    /** The sum of the weights of the rows of a label. */
    double weight(int label) {
        return weights[label] / unit;
    }

    /** The sum of all weights. */
    double weight() {
        long all = 0;
        for (long weight : weights) {
            all += weight;
        }
        return all / unit;
    }

    /** The mean of a column. */
    double mean(int column) {
        return middle[column] + half[column] * (sums[column] / unit / weight());
    }

    /** The standard deviation of a column: the square root of the mean squared distance from the mean. */
    double deviation(int column) {
        double mean = sums[column] / unit / weight();
        double variance = squares[column] / unit / weight() - mean * mean;
        // What is left of a constant column is noise in the last bits.
        return variance > 1 / unit ? half[column] * Math.sqrt(variance) : 0;
    }
}
