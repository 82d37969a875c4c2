package dev.kindling.training;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Network;
import dev.kindling.network.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The sums of gradient and loss over rows of a step, and counts. Adding two of them gives the same bits in any order
 * and any grouping, so the result of a step does not depend on partitions, executors or retries.
 *
 * <p>An evaluation has no gradient, but counts of which class was predicted as which.
 */
final class GradientSum {
    private static final int NOWHERE = 0;
    private static final int IN_THE_LOSS = -1;
    private static final int IN_THE_WEIGHTS = -2;
    /** Where in {@link #totals} what is. */
    private static final int WEIGHT = 0;

    private static final int LOSS = 1;
    /** An evaluation of more classes does not count which was predicted as which. */
    private static final int MOST_CLASSES = 100;
    /** Fault, correct rows, rows. */
    private static final int COUNTS = 3;

    private final Architecture architecture;
    /** The flat layout of {@link Architecture}; of an evaluation no numbers. */
    private final ExactSum gradient;

    private final int gradientLength;
    /** Shape (2): the weights of the rows, and the loss, each row's times its weight. */
    private final ExactSum totals;

    /** Shape (2): those of the last block. */
    private final float[] blockTotals = new float[2];
    /** Shape (hidden units): on how many rows each was active. */
    private final long[] active;
    /** Shape (classes, classes), flat: how many rows of each class were predicted as which; of a step no numbers. */
    private final long[] confusion;

    private long correct;
    private long rows;
    /**
     * Where a number was out of range: {@link #NOWHERE}, {@link #IN_THE_LOSS}, {@link #IN_THE_WEIGHTS}, else the lowest
     * layer, from 1.
     */
    private int fault = NOWHERE;

    /**
     * A sum without any rows.
     *
     * @param pass what it is for
     * @param batchRows at least the rows that will ever be added, in all sums of this step together
     */
    GradientSum(Architecture architecture, Pass pass, long batchRows) {
        int classes = architecture.classes(); // of a regression none
        this.architecture = architecture;
        this.gradientLength = pass == Pass.STEP ? architecture.parameters() : 0;
        this.gradient = new ExactSum(gradientLength, batchRows);
        this.totals = new ExactSum(blockTotals.length, batchRows);
        this.active = new long[architecture.hiddenUnits()];
        this.confusion = new long[pass == Pass.EVALUATION && classes <= MOST_CLASSES ? classes * classes : 0];
    }

    /**
     * Adds a block.
     *
     * @param network as it is after {@link Network#gradient} or {@link Network#evaluate}
     * @param blockGradient what the former gave
     */
    void add(Network network, Block block, float[] blockGradient) {
        rows += block.rows();
        correct += network.correct();
        network.addActive(active);
        for (int row = 0; row < block.rows() && confusion.length > 0; row++) {
            confusion[block.label(row) * architecture.classes() + network.prediction(row)]++;
        }
        blockTotals[WEIGHT] = (float) block.totalWeight();
        blockTotals[LOSS] = (float) network.loss();
        int outOfTotals = totals.add(blockTotals, block.rows());
        if (outOfTotals >= 0) {
            fault(outOfTotals == LOSS ? IN_THE_LOSS : IN_THE_WEIGHTS);
        }
        int outOfRange = gradient.add(blockGradient, block.rows());
        if (outOfRange >= 0) {
            fault(architecture.layerOf(outOfRange) + 1);
        }
    }

    /** Of how many numbers the gradient is: in an evaluation of none. */
    int gradientLength() {
        return gradientLength;
    }

    /** How many bytes {@link #writeCounts} writes: {@value Long#BYTES} a number, and no names of classes. */
    long bytesOfCounts() {
        return (COUNTS + active.length + confusion.length + (long) blockTotals.length) * Long.BYTES;
    }

    /**
     * Writes the gradient, for {@link #addGradient}: {@value Long#BYTES} bytes a number. The driver receives this from every task
     * at every step, and to read a serialised object takes several times as long.
     *
     * @param at where in the array it goes
     * @return where it ends
     */
    int writeGradient(byte[] to, int at) {
        return gradient.writeTo(to, at);
    }

    /**
     * Writes all the rest, for {@link #addCounts}.
     *
     * @param at where in the array it goes
     * @return where it ends
     */
    int writeCounts(byte[] to, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(to).order(ByteOrder.LITTLE_ENDIAN).position(at);
        bytes.putLong(fault).putLong(correct).putLong(rows);
        for (long count : active) {
            bytes.putLong(count);
        }
        for (long count : confusion) {
            bytes.putLong(count);
        }
        return totals.writeTo(to, bytes.position());
    }

    /**
     * Adds a piece of the gradient of another sum of the same step.
     *
     * @param at where in the array it is
     * @param first its first number, from 0
     * @param count how many numbers it has
     */
    void addGradient(byte[] from, int at, int first, int count) {
        gradient.add(from, at, first, count);
    }

    /**
     * Adds all the rest of another sum of the same step.
     *
     * @param at where in the array {@link #writeCounts} has left it
     * @return where it ends
     */
    int addCounts(byte[] from, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN).position(at);
        fault((int) bytes.getLong());
        correct += bytes.getLong();
        rows += bytes.getLong();
        for (int u = 0; u < active.length; u++) {
            active[u] += bytes.getLong();
        }
        for (int cell = 0; cell < confusion.length; cell++) {
            confusion[cell] += bytes.getLong();
        }
        return totals.add(from, bytes.position());
    }

    /** Adds another sum of the same step to this one. */
    void add(GradientSum other) {
        fault(other.fault);
        correct += other.correct;
        rows += other.rows;
        for (int u = 0; u < active.length; u++) {
            active[u] += other.active[u];
        }
        for (int cell = 0; cell < confusion.length; cell++) {
            confusion[cell] += other.confusion[cell];
        }
        totals.add(other.totals);
        gradient.add(other.gradient);
    }

    private void fault(int where) {
        if (fault == NOWHERE || (where != NOWHERE && where < fault)) {
            fault = where;
        }
    }

    /**
     * Refuses a step whose numbers have left the range.
     *
     * @param when for the message: "step 12"
     * @throws KindlingException if a loss or gradient was not finite, or its mean over a block too large; or if no row has
     *     a weight
     */
    void check(String when, double learningRate) {
        if (fault == IN_THE_WEIGHTS) {
            throw new KindlingException(when + ": found rows whose mean weight is not below " + ExactSum.LIMIT
                    + ", expected a mean near 1");
        }
        if (weight() == 0) {
            throw new KindlingException(when + ": found weights that add up to 0 over its " + rows
                    + " rows, expected more: there is nothing to learn from or to measure");
        }
        if (fault != NOWHERE) {
            String what = fault == IN_THE_LOSS ? "the loss" : "the gradient of layer " + fault;
            throw new KindlingException(when + ": " + what + " is not a finite number below " + ExactSum.LIMIT
                    + ", so training diverges: try a smaller " + setting("learning-rate") + " (now " + learningRate
                    + "), or scale the features to a size near 1");
        }
    }

    /** The weights of all rows together: without weights the number of rows, exactly. */
    private double weight() {
        return totals.sum(WEIGHT);
    }

    /** Shape (parameters): the mean gradient over the rows, by their weights. */
    double[] meanGradient() {
        return gradient.mean(weight());
    }

    /** The mean loss over the rows, by their weights: cross-entropy in nats, or half of the squared error. */
    double meanLoss() {
        return totals.mean(weight())[LOSS];
    }

    /** The loss summed over the rows, each times its weight. */
    double totalLoss() {
        return totals.sum(LOSS);
    }

    /** The share of rows whose own class was the most probable one, 0 to 1, whatever their weights; of a regression NaN. */
    double accuracy() {
        return architecture.output() == Output.SOFTMAX ? (double) correct / rows : Double.NaN;
    }

    long rows() {
        return rows;
    }

    /**
     * Of an evaluation: how many rows of each class were predicted as which.
     *
     * @return shape (classes, classes): [actual][predicted]; empty where there are none, or more than {@value #MOST_CLASSES}
     */
    long[][] confusion() {
        int classes = architecture.classes();
        return IntStream.range(0, confusion.length == 0 ? 0 : classes)
                .mapToObj(actual -> Arrays.copyOfRange(confusion, actual * classes, (actual + 1) * classes))
                .toArray(long[][]::new);
    }

    /** Shape (hidden units), layer after layer: on how many rows each was active; do not change. */
    long[] active() {
        return active;
    }
}
