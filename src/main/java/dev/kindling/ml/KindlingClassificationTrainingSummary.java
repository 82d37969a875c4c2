package dev.kindling.ml;

import org.apache.spark.ml.classification.TrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The same on the rows that the classifier was trained on, and how training went. */
public final class KindlingClassificationTrainingSummary extends KindlingClassificationSummary
        implements TrainingSummary {
    private static final long serialVersionUID = 1L;

    private final double[] losses;
    private final int steps;

    KindlingClassificationTrainingSummary(
            KindlingClassificationModel model, Dataset<Row> predictions, double[] losses, int steps) {
        super(model, predictions);
        this.losses = losses;
        this.steps = steps;
    }

    /**
     * The loss before each iteration, and at last that of the model. Of more than 10,000 iterations it is that of every 2nd, 4th and
     * so on. With solver l-bfgs each place that is tried is an iteration, so it may rise.
     */
    @Override
    public double[] objectiveHistory() {
        return losses.clone();
    }

    @Override
    public int totalIterations() {
        return steps;
    }
}
