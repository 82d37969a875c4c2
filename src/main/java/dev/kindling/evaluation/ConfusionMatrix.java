package dev.kindling.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many rows of each class were predicted as which. Only the cells that occur are kept, which are no more than there are
 * rows: all cells of 65,536 classes would take 34 GB.
 */
public final class ConfusionMatrix {
    private static final Comparator<Cell> MOST_ROWS_FIRST =
            Comparator.comparingLong(Cell::rows).reversed();

    /** Shape (classes): what each is called. */
    private final List<String> names;

    private final List<Cell> cells;
    /** Shape (classes), as are the others: rows that are of the class. */
    private final long[] actual;
    /** Rows that were predicted as the class. */
    private final long[] predicted;
    /** Rows of which both are true. */
    private final long[] correct;

    private long total;
    private long allCorrect;

    /**
     * A cell of the matrix.
     *
     * @param actual the class of the rows
     * @param predicted the class that they were taken for
     * @param rows how many, at least 1
     */
    public record Cell(int actual, int predicted, long rows) implements Serializable {
        boolean isCorrect() {
            return actual == predicted;
        }
    }

    /**
     * Of classes that are numbers.
     *
     * @param classes at least 1
     * @param cells that occur, each once, in any order
     */
    public ConfusionMatrix(int classes, Collection<Cell> cells) {
        this(IntStream.range(0, classes).mapToObj(String::valueOf).toList(), cells);
    }

    /**
     * Of classes that have names.
     *
     * @param names shape (classes)
     * @param cells that occur, each once, in any order
     */
    public ConfusionMatrix(List<String> names, Collection<Cell> cells) {
        int classes = names.size();
        this.names = List.copyOf(names);
        this.cells = cells.stream()
                .sorted(Comparator.comparingInt(Cell::actual).thenComparingInt(Cell::predicted))
                .toList();
        this.actual = new long[classes];
        this.predicted = new long[classes];
        this.correct = new long[classes];
        for (Cell cell : cells) {
            actual[cell.actual] += cell.rows;
            predicted[cell.predicted] += cell.rows;
            total += cell.rows;
            if (cell.isCorrect()) {
                correct[cell.actual] += cell.rows;
                allCorrect += cell.rows;
            }
        }
    }

    /** The number of classes. */
    public int classes() {
        return actual.length;
    }

    /** What a class is called. */
    public String name(int c) {
        return names.get(c);
    }

    /** The cells that occur, row by row. */
    public List<Cell> cells() {
        return cells;
    }

    /** The square of all cells, shape (classes, classes): counts[actual][predicted]. For few classes only. */
    public long[][] counts() {
        long[][] counts = new long[classes()][classes()];
        cells.forEach(cell -> counts[cell.actual][cell.predicted] = cell.rows);
        return counts;
    }

    /** The pairs of classes that were taken for each other, those with the most rows first. */
    public List<Cell> mistakes() {
        return cells.stream()
                .filter(cell -> !cell.isCorrect())
                .sorted(MOST_ROWS_FIRST)
                .toList();
    }

    /** All rows. */
    public long total() {
        return total;
    }

    /** The rows that are of this class. */
    public long actual(int c) {
        return actual[c];
    }

    /** The rows that were predicted as this class. */
    public long predicted(int c) {
        return predicted[c];
    }

    /** The rows of this class that were predicted as such: true positives. */
    public long correct(int c) {
        return correct[c];
    }

    /** The rows that were predicted right. */
    public long correct() {
        return allCorrect;
    }

    /** The share of rows that were predicted right, 0 to 1. */
    public double accuracy() {
        return (double) correct() / total();
    }

    /** The classes that have rows. */
    public List<Integer> occurring() {
        return IntStream.range(0, classes()).filter(c -> actual[c] > 0).boxed().toList();
    }

    /** The classes that have rows and that no row was predicted as. */
    public List<Integer> neverPredicted() {
        List<Integer> never = new ArrayList<>(occurring());
        never.removeIf(c -> predicted[c] > 0);
        return never;
    }

    /**
     * The mean recall of the classes that have rows, 0 to 1: each class counts as much as any other, however few its rows
     * are.
     */
    public double macroRecall() {
        return occurring().stream().mapToDouble(this::recall).average().orElse(Double.NaN);
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
