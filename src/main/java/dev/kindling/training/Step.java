package dev.kindling.training;

import dev.kindling.storage.HistoryRow;

/**
 * What one step showed.
 *
 * @param shown its numbers
 * @param of the steps of the whole run
 * @param parameters the flat array after the step, laid out as {@link dev.kindling.network.Architecture} says; not to be
 *     changed
 */
public record Step(HistoryRow shown, int of, float[] parameters) {
    /** From 1 to {@code of}. */
    public int number() {
        return shown.step();
    }

    /** Mean cross-entropy of the step's rows in nats, under the parameters the step began with. */
    public double loss() {
        return shown.loss();
    }

    /** The share of the step's rows that those parameters predict right, 0 to 1. */
    public double accuracy() {
        return shown.accuracy();
    }

    /** How many rows the step read. */
    public long rows() {
        return shown.rows();
    }
}
