package dev.kindling.training;

import java.util.List;

/**
 * Where the time of a step went, in seconds.
 *
 * @param gradientSeconds the time of the task that computed longest
 * @param jobSeconds of the step's Spark job, which includes that task
 * @param validationSeconds of the Spark job that evaluated the validation rows after it; 0 without one
 * @param seconds of all of it, from the end of the step before to here
 * @param partitions the time of each partition with rows of the batch; tasks on several cores run at the same time
 */
public record StepCost(
        double gradientSeconds,
        double jobSeconds,
        double validationSeconds,
        double seconds,
        List<PartitionCost> partitions) {
    /** The time of the job beside computing: to start tasks, to send parameters and sums, and to add up. */
    public double sparkSeconds() {
        return jobSeconds - gradientSeconds;
    }

    /** The time of the driver between jobs: for the optimiser, the listeners, a checkpoint. */
    public double driverSeconds() {
        return seconds - jobSeconds - validationSeconds;
    }
}
