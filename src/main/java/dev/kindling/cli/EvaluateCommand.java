package dev.kindling.cli;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.Split;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.evaluation.EvaluationReport;
import dev.kindling.evaluation.Predictions;
import dev.kindling.network.Blas;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.ParquetTable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: how good a model is on data that it was not trained on. */
@Command(
        name = "evaluate",
        header = "Predict the test set with a saved model and count what is right.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh evaluate",
            "  ./submit.sh evaluate --model models/classic --output target/classic"
        })
final class EvaluateCommand implements Checked {
    private static final String REPORT = "evaluation.json";

    @Mixin
    private DataOption data;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "A directory for evaluation.json, predictions.parquet (id, label, prediction,"
                    + " probability), and pictures (PNG and SVG) of the confusion matrix and of the most confident"
                    + " mistakes.")
    private String output;

    @Option(names = "--overwrite", description = "Replace an output that exists.")
    private boolean overwrite;

    @Override
    public void checkPaths() {
        if (output != null) {
            LocalPaths.requireFree(output, REPORT, overwrite);
        }
        model.checkPaths();
        data.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("evaluate", spark -> {
            Configuration configuration = spark.sparkContext().hadoopConfiguration();
            OutputDirectory directory =
                    output == null ? null : OutputDirectory.open(configuration, output, REPORT, overwrite, Main::warn);
            Model loaded = model.load(spark);
            System.out.printf("model %s, layers %s; %s%n", model, loaded.architecture(), Blas.description());
            LabelledRows rows =
                    data.open(spark, Split.TEST, loaded.architecture().classes());
            spark.sparkContext().setJobDescription("evaluate " + model + " on " + rows.source());
            try (Predictions predictions = Predictions.of(loaded, rows)) {
                ConfusionMatrix matrix = predictions.confusionMatrix();
                if (directory != null) {
                    Sessions.announce("saving the evaluation");
                    directory.write(path -> {
                        ParquetTable.write(predictions.table(), new Path(path, "predictions.parquet"), matrix.total());
                        PictureFiles.writeFile(spark, new Path(path, REPORT), EvaluationReport.json(matrix));
                        new EvaluationPictures(model.toString(), rows, predictions, matrix).write(spark, path);
                    });
                }
                System.out.println(EvaluationReport.text(matrix));
                if (EvaluationReport.isCut(matrix)) {
                    System.out.println(
                            output == null ? "--output DIR writes all of it" : "all of it in " + output + "/" + REPORT);
                }
            }
            return 0;
        });
    }
}
