package dev.kindling.ml;

import org.apache.spark.mllib.evaluation.RegressionMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How good a regressor is on rows whose labels are known, under the names of Spark ML's LinearRegressionSummary. The first number
 * that is asked for runs a job.
 */
public class KindlingRegressionSummary extends ScoredRows {
    private static final long serialVersionUID = 1L;

    private transient RegressionMetrics metrics;

    /** @param predictions of the model, with labels */
    KindlingRegressionSummary(KindlingRegressionModel model, Dataset<Row> predictions) {
        super(predictions, model.getPredictionCol(), model.getLabelCol(), Networks.weightCol(model));
    }

    /** The mean of the errors' sizes, in the label's scale. */
    public double meanAbsoluteError() {
        return metrics().meanAbsoluteError();
    }

    /** The mean of the errors' squares. */
    public double meanSquaredError() {
        return metrics().meanSquaredError();
    }

    /** The root of that, in the label's scale. */
    public double rootMeanSquaredError() {
        return metrics().rootMeanSquaredError();
    }

    /** 1 minus the squared error divided by that of the mean. */
    public double r2() {
        return metrics().r2();
    }

    /** How many rows there are. */
    public long numInstances() {
        return predictions().count();
    }

    private synchronized RegressionMetrics metrics() {
        if (metrics == null) {
            metrics = new RegressionMetrics(triples());
        }
        return metrics;
    }
}
