package dev.kindling.ml;

import org.apache.spark.ml.classification.ClassificationSummary;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How good a classifier is on rows whose labels are known: the metrics of Spark ML. The first that is asked for runs a job. */
public class KindlingClassificationSummary extends ScoredRows implements ClassificationSummary {
    private static final long serialVersionUID = 1L;

    private transient MulticlassMetrics metrics;

    /** @param predictions of the model, with labels */
    KindlingClassificationSummary(KindlingClassificationModel model, Dataset<Row> predictions) {
        super(predictions, model.getPredictionCol(), model.getLabelCol(), Networks.weightCol(model));
    }

    @Override
    public synchronized MulticlassMetrics
            org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics() {
        if (metrics == null) {
            metrics = new MulticlassMetrics(triples());
        }
        return metrics;
    }

    /** Not called: the metrics are made when they are asked for. */
    @Override
    public void
            org$apache$spark$ml$classification$ClassificationSummary$_setter_$org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics_$eq(
                    MulticlassMetrics given) {
        metrics = given;
    }
}
