package dev.kindling.cli;

import dev.kindling.data.DataDirectory;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.Split;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.evaluation.EvaluationReport;
import dev.kindling.evaluation.Predictions;
import dev.kindling.network.Blas;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.ParquetTable;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
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
final class EvaluateCommand implements Callable<Integer> {
    private static final String REPORT = "evaluation.json";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/mnist",
            description = "Where the test set is: IDX, CSV or Parquet; see README. Default: ${DEFAULT-VALUE}")
    private String data;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = "models/mnist",
            description = "The model, as train saved it. Default: ${DEFAULT-VALUE}")
    private String model;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write evaluation.json and predictions.parquet (id, label, prediction, probability) there.")
    private String output;

    @Option(names = "--overwrite", description = "Replace an output that is there.")
    private boolean overwrite;

    @Override
    public Integer call() throws Exception {
        return Sessions.run("evaluate", spark -> {
            Configuration configuration = spark.sparkContext().hadoopConfiguration();
            OutputDirectory directory =
                    output == null ? null : OutputDirectory.open(configuration, output, REPORT, overwrite);
            spark.sparkContext().setJobDescription("load " + model);
            Model loaded = ModelStore.load(spark, model);
            System.out.printf("model %s, layers %s; %s%n", model, loaded.architecture(), Blas.description());
            spark.sparkContext().setJobDescription("read " + data);
            LabelledRows rows = DataDirectory.open(
                    spark, data, Split.TEST, loaded.architecture().classes());
            spark.sparkContext().setJobDescription("evaluate " + model + " on " + rows.source());
            try (Predictions predictions = Predictions.of(loaded, rows)) {
                ConfusionMatrix matrix = predictions.confusionMatrix();
                if (directory != null) {
                    directory.write(path -> {
                        ParquetTable.write(predictions.table(), new Path(path, "predictions.parquet"), matrix.total());
                        Path json = new Path(path, REPORT);
                        try (OutputStream out =
                                json.getFileSystem(configuration).create(json)) {
                            out.write(EvaluationReport.json(matrix));
                        }
                    });
                }
                System.out.println(EvaluationReport.text(matrix));
            }
            return 0;
        });
    }
}
