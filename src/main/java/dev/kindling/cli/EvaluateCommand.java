package dev.kindling.cli;

import dev.kindling.TableModel;
import dev.kindling.TrainedModel;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.Split;
import dev.kindling.data.files.tables.TableFiles;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.evaluation.EvaluationReport;
import dev.kindling.evaluation.Predictions;
import dev.kindling.network.Blas;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.ParquetTable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
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
    static final String REPORT = "evaluation.json";

    @Mixin
    private DataOption data;

    @Mixin
    private ModelOption model;

    @Mixin
    private TableOptions table;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "A directory for evaluation.json, predictions.parquet (id, label, prediction,"
                    + " probability), and pictures (PNG and SVG) of the confusion matrix and of the most confident"
                    + " mistakes. Of a table evaluation.json, predictions.parquet with its columns, and a picture of the"
                    + " confusion matrix or, where numbers are predicted, of predicted and actual ones.")
    private String output;

    @Option(names = "--overwrite", description = "Replace an output that exists.")
    private boolean overwrite;

    /** A model of a table's columns, on a table. */
    private void evaluateTable(SparkSession spark, Model network, OutputDirectory directory) throws IOException {
        data.requireTable(spark);
        TableModel loaded = TableModel.of(new TrainedModel(network, List.of()));
        TableFiles.Opened opened = table.open(spark, data.toString(), Split.TEST);
        System.out.printf("%s: %s%n", data, opened.description());
        String what = model + " on " + data;
        spark.sparkContext().setJobDescription("evaluate " + what);
        new TableEvaluation(spark, directory, what, opened.rows(), table.missing()).run(loaded);
    }

    @Override
    public void checkPaths() {
        if (output != null) {
            LocalPaths.requireFree(output, REPORT, overwrite);
        }
        model.checkPaths();
        data.checkThere();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("evaluate", spark -> {
            Configuration configuration = spark.sparkContext().hadoopConfiguration();
            OutputDirectory directory =
                    output == null ? null : OutputDirectory.open(configuration, output, REPORT, overwrite, Main::warn);
            Model loaded = model.load(spark);
            System.out.printf("model %s, layers %s; %s%n", model, loaded.architecture(), Blas.description());
            if (loaded.signature().isPresent()) {
                evaluateTable(spark, loaded, directory);
                return 0;
            }
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
