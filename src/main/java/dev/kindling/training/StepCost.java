package dev.kindling.training;

import java.util.List;

/**
 * Where the time of a step went, in seconds.
 *
 * @param gradientSeconds the time of the task that computed longest
 * @param jobSeconds of the step's Spark job, that included
 * @param validationSeconds of the Spark job that evaluated the validation rows after it; 0 without one
 * @param seconds of all of it, from the end of the step before to here
 * @param partitions what each partition with rows of the batch took; tasks on several cores take theirs at the same time
 */
public record StepCost(
        double gradientSeconds,
        double jobSeconds,
        double validationSeconds,
        double seconds,
        List<PartitionCost> partitions) {
    /** What the job took beside computing: to start tasks, to bring parameters and sums where they belong, and to add up. */
    public double sparkSeconds() {
        return jobSeconds - gradientSeconds;
    }

    /** What the driver did between jobs: the optimiser, the listeners, a checkpoint. */
    public double driverSeconds() {
        return seconds - jobSeconds - validationSeconds;
    }
}
