package dev.kindling.training;

import dev.kindling.storage.HistoryRow;
import java.util.List;

/**
 * The numbers of one step.
 *
 * @param shown its loss and accuracy, and more; if runs train side by side, those of the run with the smallest loss
 * @param runs all runs that took it
 * @param cost where its time went
 */
public record Step(HistoryRow shown, List<Run> runs, StepCost cost) {
    /** From 1 to {@link #of}. */
    public int number() {
        return shown.step();
    }

    /** The steps of the whole run. */
    public int of() {
        return runs.get(0).recipe().iterations();
    }

    /**
     * The mean loss of the step's rows by their weights, under the parameters the step began with: cross-entropy in nats,
     * or half of the squared error.
     */
    public double loss() {
        return shown.loss();
    }

    /** The share of the step's rows that those parameters predict right, 0 to 1; NaN in a regression. */
    public double accuracy() {
        return shown.accuracy();
    }

    /** How many rows the step read. */
    public long rows() {
        return shown.rows();
    }
}
