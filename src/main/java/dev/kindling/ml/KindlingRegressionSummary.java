package dev.kindling.ml;

import java.io.Serializable;
import org.apache.spark.ml.util.Summary;
import org.apache.spark.mllib.evaluation.RegressionMetrics;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * How good a regressor is on rows whose labels are known, under the names of Spark ML's LinearRegressionSummary. The first number
 * that is asked for runs a job.
 */
public class KindlingRegressionSummary implements Summary, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient Dataset<Row> predictions;
    private final String predictionCol;
    private final String labelCol;
    private final String weightCol;
    private transient RegressionMetrics metrics;

    /** @param predictions of the model, with labels */
    KindlingRegressionSummary(KindlingRegressionModel model, Dataset<Row> predictions) {
        this.predictions = predictions;
        this.predictionCol = model.getPredictionCol();
        this.labelCol = model.getLabelCol();
        this.weightCol = model.isDefined(model.weightCol()) ? model.getWeightCol() : "";
    }

    /** The rows with their predictions. */
    public Dataset<Row> predictions() {
        return predictions;
    }

    /** The column of the predictions. */
    public String predictionCol() {
        return predictionCol;
    }

    /** The column of the labels. */
    public String labelCol() {
        return labelCol;
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
        return predictions.count();
    }

    private synchronized RegressionMetrics metrics() {
        if (metrics == null) {
            Column weight = weightCol.isEmpty() ? functions.lit(1.0) : number(weightCol);
            metrics = new RegressionMetrics(predictions.select(number(predictionCol), number(labelCol), weight));
        }
        return metrics;
    }

    private static Column number(String column) {
        return functions.col(column).cast(DataTypes.DoubleType);
    }
}
