package dev.kindling.data.tables;

import java.io.Serializable;
import java.util.Arrays;

/** The smallest and the largest value of each column of numbers, and how many are not zero; the same for any order of the rows. */
final class ColumnRanges implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Shape (columns), of the values that are not zero. */
    private final double[] min;
    /** Shape (columns), of the values that are not zero. */
    private final double[] max;
    /** Shape (columns). */
    private final long[] nonZeros;
    /** How many rows have been taken in. */
    private long rows;
    /** Whether all values of all columns are whole numbers. */
    private boolean isWhole = true;

    ColumnRanges(int columns) {
        this.min = new double[columns];
        this.max = new double[columns];
        this.nonZeros = new long[columns];
        Arrays.fill(min, Double.POSITIVE_INFINITY);
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
    }

    /** Takes in a row, of which the values that are not zero are to follow. */
    void addRow() {
        rows++;
    }

    /** Takes in a value that is not zero. */
    void add(int column, double value) {
        min[column] = Math.min(min[column], value);
        max[column] = Math.max(max[column], value);
        nonZeros[column]++;
        isWhole &= value == Math.rint(value);
    }

    /** Takes in all values of others. */
    void add(ColumnRanges other) {
        for (int column = 0; column < min.length; column++) {
            min[column] = Math.min(min[column], other.min[column]);
            max[column] = Math.max(max[column], other.max[column]);
            nonZeros[column] += other.nonZeros[column];
        }
        rows += other.rows;
        isWhole &= other.isWhole;
    }

    int columns() {
        return min.length;
    }

    /** The smallest value of a column. */
    double min(int column) {
        return nonZeros[column] < rows ? Math.min(0, min[column]) : min[column];
    }

    /** The largest value of a column. */
    double max(int column) {
        return nonZeros[column] < rows ? Math.max(0, max[column]) : max[column];
    }

    /** Whether at most half of the values of a column are not zero. */
    boolean isSparse(int column) {
        return 2 * nonZeros[column] <= rows;
    }

    /** Whether all values are whole numbers from 0 to a number. */
    boolean isWhole(int most) {
        return isWhole
                && Arrays.stream(min).allMatch(value -> value >= 0)
                && Arrays.stream(max).allMatch(value -> value <= most);
    }

    /** The largest value of all columns. */
    double max() {
        return Arrays.stream(max).max().orElse(0);
    }

    /** How many columns have a value above a number. */
    long above(double bound) {
        return Arrays.stream(max).filter(value -> value > bound).count();
    }
}
