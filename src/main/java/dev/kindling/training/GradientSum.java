package dev.kindling.training;

import dev.kindling.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import java.io.Serializable;

/**
 * What a step knows of the rows it has seen: sums of gradient and loss, and counts. Adding two of them gives the same
 * bits in any order and any grouping, so the result of a step does not depend on partitions, executors or retries.
 *
 * <p>Floating-point addition depends on its order, so the sums are 64-bit fixed point. A batch of up to 2^r rows is
 * counted in units of 2^-(46 - r): a mean has 46 bits behind the point, finer than the floats it is made of, and a
 * block's mean may reach 2^16 before it is refused. With that bound the sum of a whole batch stays below 2^62, so no
 * order of adding can overflow.
 */
final class GradientSum implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int FRACTION_BITS = 46;
    /** The largest mean, of a gradient or a loss, that a block may have. */
    private static final double LIMIT = 65_536;

    /** Units for 1.0: a power of two, so that scaling loses nothing. */
    private final double scale;
    /** Shape (parameters): the flat layout of {@link Architecture}. */
    private final long[] gradient;
    /** Shape (hidden units): on how many rows each was active. */
    private final long[] active;

    private long loss;
    private long correct;
    private long rows;
    /** Where a number was not finite or past the limit: 0 for nowhere, -1 for the loss, else the layer counted from 1. */
    private int faultyLayer;

    /** @param batchRows at least the rows that will ever be added, in all sums of this step together */
    GradientSum(Architecture architecture, long batchRows) {
        int rowBits = Long.SIZE - Long.numberOfLeadingZeros(batchRows - 1);
        this.scale = Math.scalb(1.0, FRACTION_BITS - rowBits);
        this.gradient = new long[architecture.parameters()];
        this.active = new long[architecture.hiddenUnits()];
    }

    /**
     * Adds a block.
     *
     * @param network as it is after {@link Network#gradient}
     * @param blockGradient what that call gave
     */
    void add(Architecture architecture, Network network, Block block, float[] blockGradient) {
        double limit = LIMIT * block.rows();
        rows += block.rows();
        correct += network.correct();
        for (int u = 0; u < active.length; u++) {
            active[u] += network.active()[u];
        }
        if (!(network.loss() < limit)) {
            faultyLayer = -1;
            return;
        }
        loss += (long) (network.loss() * scale);
        for (int k = 0; k < gradient.length; k++) {
            float g = blockGradient[k];
            if (!(Math.abs(g) < limit)) {
                faultyLayer = architecture.layerOf(k) + 1;
                return;
            }
            gradient[k] += (long) (g * scale);
        }
    }

    /** Adds another sum of the same step. */
    void add(GradientSum other) {
        for (int k = 0; k < gradient.length; k++) {
            gradient[k] += other.gradient[k];
        }
        for (int u = 0; u < active.length; u++) {
            active[u] += other.active[u];
        }
        loss += other.loss;
        correct += other.correct;
        rows += other.rows;
        if (faultyLayer == 0 || (other.faultyLayer != 0 && other.faultyLayer < faultyLayer)) {
            faultyLayer = other.faultyLayer;
        }
    }

    /**
     * Refuses a step whose numbers have left the range.
     *
     * @param step for the message
     * @throws KindlingException if a loss or gradient was not finite, or its mean over a block too large
     */
    void check(int step, double learningRate) {
        if (faultyLayer != 0) {
            String what = faultyLayer < 0 ? "the loss" : "the gradient of layer " + faultyLayer;
            throw new KindlingException("step " + step + ": " + what + " is not finite or above " + (long) LIMIT
                    + ", so training diverges: try a smaller --learning-rate (now " + learningRate + ")");
        }
    }

    /** Shape (parameters): the mean gradient over the rows. */
    double[] meanGradient() {
        double[] mean = new double[gradient.length];
        double unit = scale * rows;
        for (int k = 0; k < mean.length; k++) {
            mean[k] = gradient[k] / unit;
        }
        return mean;
    }

    /** The mean cross-entropy over the rows, in nats. */
    double meanLoss() {
        return loss / (scale * rows);
    }

    /** The share of rows whose own class was the most probable one, 0 to 1. */
    double accuracy() {
        return (double) correct / rows;
    }

    /** The loss summed over the rows, in nats. */
    double loss() {
        return loss / scale;
    }

    long rows() {
        return rows;
    }

    /** Shape (hidden units): the share of rows on which each was active, 0 to 1. */
    double[] activeShare() {
        double[] share = new double[active.length];
        for (int u = 0; u < share.length; u++) {
            share[u] = (double) active[u] / rows;
        }
        return share;
    }
}
