package dev.kindling.ml;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The same on the rows that the regressor was trained on, and how training went. */
public final class KindlingRegressionTrainingSummary extends KindlingRegressionSummary implements HasProgress {
    private static final long serialVersionUID = 1L;

    private final Progress progress;

    KindlingRegressionTrainingSummary(KindlingRegressionModel model, Dataset<Row> predictions, Progress progress) {
        super(model, predictions);
        this.progress = progress;
    }

    @Override
    public Progress progress() {
        return progress;
    }
}
