package dev.kindling.ml;

import org.apache.spark.ml.classification.TrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The same on the rows that the regressor was trained on, and how training went. */
public final class KindlingRegressionTrainingSummary extends KindlingRegressionSummary implements TrainingSummary {
    private static final long serialVersionUID = 1L;

    private final double[] losses;
    private final int steps;

    KindlingRegressionTrainingSummary(
            KindlingRegressionModel model, Dataset<Row> predictions, double[] losses, int steps) {
        super(model, predictions);
        this.losses = losses;
        this.steps = steps;
    }

    /** The loss before each iteration, as {@link KindlingClassificationTrainingSummary#objectiveHistory} has it. */
    @Override
    public double[] objectiveHistory() {
        return losses.clone();
    }

    @Override
    public int totalIterations() {
        return steps;
    }
}
