package dev.kindling.cli;

import dev.kindling.storage.JsonWriter;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputFile;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: a model's parameters for other programs. */
@Command(
        name = "export",
        header = "Write a model's parameters as JSON, for example for a NumPy program.",
        description =
                "%nThe format is that of import. Each number is exactly the parameter's value. Of a table's columns it also"
                        + " has their names and scales, and the labels or targets, so that import makes the same model.%n",
        sortOptions = false,
        footer = {"", "Examples:", "  ./submit.sh export models/mnist weights.json"})
final class ExportCommand implements Checked {
    @Parameters(index = "0", paramLabel = "MODEL_DIR", description = "The model, as train saved it.")
    private String model;

    @Parameters(index = "1", paramLabel = "FILE", description = "Where the JSON file goes.")
    private String file;

    @Option(names = "--overwrite", description = "Replace a file that exists.")
    private boolean overwrite;

    @Override
    public void checkPaths() {
        LocalPaths.requireFreeFile(file, overwrite);
        LocalPaths.requireModel(model);
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("export", spark -> {
            OutputFile output = OutputFile.open(spark.sparkContext().hadoopConfiguration(), file, overwrite);
            spark.sparkContext().setJobDescription("load " + model);
            Model loaded = ModelStore.load(spark, model, Main::warn);
            output.write(out -> JsonWriter.write(loaded, out));
            System.out.printf(
                    Locale.ROOT,
                    "layers %s, %,d parameters of %s in %s%n",
                    loaded.architecture(),
                    loaded.parameters().length,
                    model,
                    file);
            return 0;
        });
    }
}
