package dev.kindling.ml;

import java.io.Serializable;
import org.apache.spark.ml.util.Summary;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Rows with the predictions of a model and with labels: what the summary of a classifier and that of a regressor begin with. */
public abstract class ScoredRows implements Summary, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient Dataset<Row> predictions;
    private final String predictionCol;
    private final String labelCol;
    private final String weightCol;

    /** @param weightCol empty where each row has the weight 1 */
    ScoredRows(Dataset<Row> predictions, String predictionCol, String labelCol, String weightCol) {
        this.predictions = predictions;
        this.predictionCol = predictionCol;
        this.labelCol = labelCol;
        this.weightCol = weightCol;
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

    /** The column of the weights; empty where each row has the weight 1. */
    public String weightCol() {
        return weightCol;
    }

    /** Prediction, label and weight of each row, as MLlib's metrics take them. */
    Dataset<Row> triples() {
        Column weight = weightCol.isEmpty() ? functions.lit(1.0) : number(weightCol);
        return predictions.select(number(predictionCol), number(labelCol), weight);
    }

    private static Column number(String column) {
        return functions.col(column).cast(DataTypes.DoubleType);
    }
}
