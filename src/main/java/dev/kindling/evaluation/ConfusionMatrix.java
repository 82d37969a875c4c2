package dev.kindling.evaluation;

import java.util.Arrays;

/**
 * How many rows of each class were predicted as which.
 *
 * @param counts shape (classes, classes): counts[actual][predicted]
 */
public record ConfusionMatrix(long[][] counts) {
    /** The number of classes. */
    public int classes() {
        return counts.length;
    }

    /** All rows. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** The rows that are of this class. */
    public long actual(int c) {
        return Arrays.stream(counts[c]).sum();
    }

    /** The rows that were predicted as this class. */
    public long predicted(int c) {
        return Arrays.stream(counts).mapToLong(row -> row[c]).sum();
    }

    /** The rows of this class that were predicted as such: true positives. */
    public long correct(int c) {
        return counts[c][c];
    }

    /** The rows that were predicted right. */
    public long correct() {
        long correct = 0;
        for (int c = 0; c < classes(); c++) {
            correct += correct(c);
        }
        return correct;
    }

    /** The share of rows that were predicted right, 0 to 1. */
    public double accuracy() {
        return (double) correct() / total();
    }

    /** TP / (TP + FP): of the rows predicted as this class, the share that are; NaN when there are none. */
    public double precision(int c) {
        return (double) correct(c) / predicted(c);
    }

    /** TP / (TP + FN): of the rows of this class, the share that were found; NaN when there are none. */
    public double recall(int c) {
        return (double) correct(c) / actual(c);
    }

    /** 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; NaN when there is nothing to count. */
    public double f1(int c) {
        return 2.0 * correct(c) / (predicted(c) + actual(c));
    }

    /**
     * The binary confusion matrix of "is it this class or not", summed over all classes.
     *
     * @return [[TP, FN], [FP, TN]]
     */
    public long[][] binary() {
        long truePositive = correct();
        long wrong = total() - correct();
        long trueNegative = (classes() - 1) * total() - wrong;
        return new long[][] {{truePositive, wrong}, {wrong, trueNegative}};
    }
}
