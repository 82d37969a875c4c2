package dev.kindling.ml;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The same on the rows that the classifier was trained on, and how training went. */
public final class KindlingClassificationTrainingSummary extends KindlingClassificationSummary implements HasProgress {
    private static final long serialVersionUID = 1L;

    private final Progress progress;

    KindlingClassificationTrainingSummary(
            KindlingClassificationModel model, Dataset<Row> predictions, Progress progress) {
        super(model, predictions);
        this.progress = progress;
    }

    @Override
    public Progress progress() {
        return progress;
    }
}
