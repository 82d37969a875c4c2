package dev.kindling.cli;

import dev.kindling.onnx.OnnxInput;
import dev.kindling.onnx.OnnxWriter;
import dev.kindling.storage.JsonWriter;
import dev.kindling.storage.Model;
import dev.kindling.storage.OutputFile;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export}: a model for other programs. */
@Command(
        name = "export",
        header = "Write a model for other programs: as ONNX, or its parameters as JSON, for example for NumPy.",
        description = {
            "%nThe file's ending chooses. A file that ends with .onnx has the whole way from a row to the prediction:"
                    + " scales, network, labels. Any ONNX runtime of the last years reads it (opset 13).",
            "%nThe format of JSON is that of import. Each number is exactly the parameter's value. Of a table's columns"
                    + " it also has their names and scales, and the labels or targets. import makes the same model of"
                    + " both.%n"
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh export models/mnist digits.onnx --input uint8",
            "  ./submit.sh export models/mnist weights.json"
        })
final class ExportCommand implements Checked {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "The model: a directory, as train saved it, or a file that ends with .onnx.")
    private String model;

    @Parameters(index = "1", paramLabel = "FILE", description = "Where it goes: ONNX if it ends with .onnx, else JSON.")
    private String file;

    @Option(
            names = "--input",
            paramLabel = "TYPE",
            description =
                    "Of ONNX, the type of the numbers that go in: float, double, or uint8 for pixels from 0 to 255. Default:"
                            + " double where columns are standardised, float where there are pixels.")
    private OnnxInput.Type input;

    @Option(
            names = "--by-column",
            description = "Of ONNX, an input of shape (rows, 1) for each column, by its name. Default: one for all.")
    private boolean isByColumn;

    @Option(names = "--overwrite", description = "Replace a file that exists.")
    private boolean overwrite;

    @Override
    public void checkOptions() {
        if (!ModelFile.isOnnx(file) && (input != null || isByColumn)) {
            throw new ParameterException(
                    spec.commandLine(),
                    (input != null ? "--input" : "--by-column") + ": found beside " + file
                            + ", expected a file that ends with .onnx");
        }
    }

    @Override
    public void checkPaths() {
        LocalPaths.requireFreeFile(file, overwrite);
        ModelFile.requireThere(model);
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        return Sessions.run("export", spark -> {
            OutputFile output = OutputFile.open(spark.sparkContext().hadoopConfiguration(), file, overwrite);
            Model loaded = ModelFile.load(spark, model);
            OnnxInput given = new OnnxInput(input == null ? OnnxInput.of(loaded).type() : input, isByColumn);
            output.write(out -> {
                if (ModelFile.isOnnx(file)) {
                    OnnxWriter.write(loaded, given, out);
                } else {
                    JsonWriter.write(loaded, out);
                }
            });
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
