package dev.kindling.cli;

import dev.kindling.TrainedModel;
import dev.kindling.network.Output;
import dev.kindling.storage.JsonReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import}: the parameters of another program become a model. */
@Command(
        name = "import",
        header = "Make a model of a network that another program saved as ONNX, or of its parameters as JSON.",
        description = {
            "%nOf a file that ends with .onnx: a chain of fully connected layers with ReLU between, as PyTorch, Keras and"
                    + " scikit-learn export it, with or without scaling before, and Softmax, labels or nothing at the end."
                    + " Where there is nothing, the sums are the numbers that it predicts, unless --logits says that they"
                    + " are scores of classes. What export wrote becomes the same model again.",
            "%nAny other file is JSON and has {\"hidden_layer\": {\"weights\": W, \"biases\": b}, \"output_layer\": {...}}, or"
                    + " {\"layers\": [{...}, ...]} for any number of layers. W has a row for each unit. b is a"
                    + " column or a flat list. A model of a table's columns also has inputs, and labels or targets, as"
                    + " export writes them.",
            "%nThe parameters become 32-bit floats. If the two best classes of a row differ by less than about a"
                    + " millionth, Kindling may predict the other one of them. If they are equal as floats, it"
                    + " predicts the lower one. All other rows are predicted as by a program that computes in"
                    + " float64.%n"
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh import torch.onnx models/torch --logits",
            "  ./submit.sh import iris.onnx models/iris --features a,b,c,d --label species",
            "  ./submit.sh import weights.json models/numpy",
            "  ./submit.sh evaluate --model models/numpy"
        })
final class ImportCommand implements Checked {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file: ONNX if it ends with .onnx, else JSON.")
    private String file;

    @Parameters(index = "1", paramLabel = "MODEL_DIR", description = "Where the model goes.")
    private String model;

    @Option(
            names = "--logits",
            description = "Of ONNX: the last layer gives scores of classes, and Softmax was left out.")
    private boolean hasLogits;

    @Mixin
    private Renaming renaming;

    @Option(names = "--overwrite", description = "Replace a model that exists.")
    private boolean overwrite;

    @Override
    public void checkOptions() {
        if (hasLogits && !ModelFile.isOnnx(file)) {
            throw new ParameterException(
                    spec.commandLine(), "--logits: found beside " + file + ", expected a file that ends with .onnx");
        }
    }

    @Override
    public void checkPaths() {
        ModelOutput.checkPath(model, overwrite);
        LocalPaths.requireThere(file, "an ONNX or JSON file");
    }

    @Override
    public Integer call() throws Exception {
        checkOptions();
        return Sessions.run("import", spark -> {
            ModelOutput output = new ModelOutput(spark, model, overwrite);
            Model imported = renaming.of(
                    ModelFile.isOnnx(file)
                            ? ModelFile.readOnnx(spark, file, hasLogits ? Output.SOFTMAX : Output.IDENTITY)
                            : readJson(spark));
            System.out.printf(
                    Locale.ROOT,
                    "layers %s, %,d parameters from %s%n",
                    imported.architecture(),
                    imported.parameters().length,
                    file);
            output.save(new TrainedModel(imported, List.of()));
            return 0;
        });
    }

    private Model readJson(SparkSession spark) {
        JsonReader.Parameters read = JsonReader.read(spark.sparkContext().hadoopConfiguration(), file);
        return new Model(
                read.architecture(), read.parameters(), Provenance.imported(file, spark.version()), read.signature());
    }
}
