package dev.kindling.ml;

import org.apache.spark.ml.classification.ClassificationSummary;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** How good a classifier is on rows whose labels are known: the metrics of Spark ML. The first that is asked for runs a job. */
public class KindlingClassificationSummary implements ClassificationSummary {
    private static final long serialVersionUID = 1L;

    private final transient Dataset<Row> predictions;
    private final String predictionCol;
    private final String labelCol;
    private final String weightCol;
    private transient MulticlassMetrics metrics;

    /** @param predictions of the model, with labels */
    KindlingClassificationSummary(KindlingClassificationModel model, Dataset<Row> predictions) {
        this.predictions = predictions;
        this.predictionCol = model.getPredictionCol();
        this.labelCol = model.getLabelCol();
        this.weightCol = model.isDefined(model.weightCol()) ? model.getWeightCol() : "";
    }

    @Override
    public Dataset<Row> predictions() {
        return predictions;
    }

    @Override
    public String predictionCol() {
        return predictionCol;
    }

    @Override
    public String labelCol() {
        return labelCol;
    }

    @Override
    public String weightCol() {
        return weightCol;
    }

    @Override
    public synchronized MulticlassMetrics
            org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics() {
        if (metrics == null) {
            Column weight = weightCol.isEmpty() ? functions.lit(1.0) : number(weightCol);
            metrics = new MulticlassMetrics(predictions.select(number(predictionCol), number(labelCol), weight));
        }
        return metrics;
    }

    private static Column number(String column) {
        return functions.col(column).cast(DataTypes.DoubleType);
    }

    /** Not called: the metrics are made when they are asked for. */
    @Override
    public void
            org$apache$spark$ml$classification$ClassificationSummary$_setter_$org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics_$eq(
                    MulticlassMetrics given) {
        metrics = given;
    }
}
