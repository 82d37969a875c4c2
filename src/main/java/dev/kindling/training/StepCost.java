package dev.kindling.training;

import java.util.List;

/**
 * Where the time of a step went, in seconds.
 *
 * @param gradientSeconds the time of the task that computed longest
 * @param waitingSeconds how much of that a task waited for it, in the mean over all tasks
 * @param exchangeSeconds from the order to the last sums, which includes the task that computed longest
 * @param validationSeconds the same for the evaluation of the validation rows after it; 0 without one
 * @param seconds of all of it, from the end of the step before to here
 * @param partitions the time of each partition with rows of the batch; tasks on several cores run at the same time
 */
public record StepCost(
        double gradientSeconds,
        double waitingSeconds,
        double exchangeSeconds,
        double validationSeconds,
        double seconds,
        List<PartitionCost> partitions) {
    /** The time of the exchange beside computing: parameters go out, sums come back, and with jobs tasks start. */
    public double messageSeconds() {
        return exchangeSeconds - gradientSeconds;
    }

    /** The time of the driver between orders: for the optimiser, the listeners, a checkpoint. */
    public double driverSeconds() {
        return seconds - exchangeSeconds - validationSeconds;
    }
}
