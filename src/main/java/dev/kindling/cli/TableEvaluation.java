package dev.kindling.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.ClassifierModel;
import dev.kindling.RegressorModel;
import dev.kindling.TableModel;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.Agreement;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.evaluation.EvaluationReport;
import dev.kindling.plot.AgreementPicture;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.ParquetTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The evaluation of a model of a table's columns.
 *
 * @param directory where it is written; null if it is only printed
 * @param what is evaluated, on what
 */
record TableEvaluation(SparkSession spark, OutputDirectory directory, String what, Dataset<Row> rows, Missing missing) {
    /** How many cells a side of the picture of predicted and actual numbers has. */
    private static final int CELLS = 52;

    /** Draws pictures of predictions. */
    @FunctionalInterface
    private interface Drawing {
        void write(Dataset<Row> predictions, Path directory) throws IOException;
    }

    /** Predicts the rows, writes what is found, and prints it. */
    void run(TableModel model) throws IOException {
        if (model instanceof ClassifierModel classifier) {
            ConfusionMatrix matrix = classifier.evaluate(rows, missing);
            save(
                    model,
                    EvaluationReport.json(matrix),
                    (predictions, path) -> ConfusionFiles.write(spark, path, matrix, what));
            System.out.println(EvaluationReport.text(matrix));
        } else if (model instanceof RegressorModel regressor) {
            List<RegressorModel.Quality> qualities = regressor.evaluate(rows, missing);
            save(
                    model,
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(qualities),
                    (predictions, path) -> drawAgreement(regressor, qualities, predictions, path));
            for (RegressorModel.Quality quality : qualities) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: RMSE %.6g, MAE %.6g, R2 %.4f on %,d rows%n",
                        quality.target(),
                        quality.rmse(),
                        quality.mae(),
                        quality.r2(),
                        quality.rows());
            }
        }
    }

    private void save(TableModel model, byte[] report, Drawing drawing) {
        if (directory == null) {
            return;
        }
        Sessions.announce("saving the evaluation");
        Dataset<Row> predictions = model.transform(rows, missing).persist(); // to be counted, drawn and written
        try {
            directory.write(path -> {
                ParquetTable.write(predictions, new Path(path, "predictions.parquet"), predictions.count());
                PictureFiles.writeFile(spark, new Path(path, EvaluateCommand.REPORT), report);
                try {
                    drawing.write(predictions, path);
                } catch (KindlingException e) { // a machine without fonts; the numbers are there all the same
                    Main.warn(e.getMessage());
                }
            });
        } finally {
            predictions.unpersist();
        }
    }

    private void drawAgreement(
            RegressorModel regressor, List<RegressorModel.Quality> qualities, Dataset<Row> predictions, Path path)
            throws IOException {
        List<Agreement> found = regressor.agreement(predictions, AgreementPicture.MOST_PANELS, CELLS);
        List<AgreementPicture.Panel> panels = IntStream.range(0, found.size())
                .mapToObj(k -> panel(qualities.get(k), found.get(k)))
                .toList();
        String more = qualities.size() > panels.size()
                ? "; the first " + panels.size() + " of " + qualities.size() + " targets"
                : "";
        AgreementPicture picture = new AgreementPicture(
                "Predicted and actual", what + "; on the line predictions are right" + more, panels);
        PictureFiles.of(picture).write(spark, path, "predicted-and-actual");
    }

    private static AgreementPicture.Panel panel(RegressorModel.Quality quality, Agreement agreement) {
        String text = String.format(
                Locale.ROOT,
                "RMSE %s, R\u00b2 %.4f, %,d rows",
                Digits.of(quality.rmse(), 4),
                quality.r2(),
                quality.rows());
        return new AgreementPicture.Panel(
                quality.target(), text, agreement.low(), agreement.high(), agreement.counts());
    }
}
