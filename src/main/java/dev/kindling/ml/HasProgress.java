package dev.kindling.ml;

import org.apache.spark.ml.classification.TrainingSummary;

/** How training went, as Spark ML's summaries say it. */
public interface HasProgress extends TrainingSummary {
    /** The numbers themselves. */
    Progress progress();

    /**
     * The loss before each iteration, and at last that of the model. Of more than 10,000 iterations it is that of every 2nd, 4th and
     * so on. With solver l-bfgs each place that is tried is an iteration, so it may rise.
     */
    @Override
    default double[] objectiveHistory() {
        return progress().losses().clone();
    }

    @Override
    default int totalIterations() {
        return progress().iterations();
    }
}
