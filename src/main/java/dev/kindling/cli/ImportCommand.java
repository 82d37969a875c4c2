package dev.kindling.cli;

import dev.kindling.TrainedModel;
import dev.kindling.storage.JsonReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: the parameters of another program become a model. */
@Command(
        name = "import",
        header = "Make a model from parameters that another program, such as one in NumPy, saved as JSON.",
        description = {
            "%nThe file has {\"hidden_layer\": {\"weights\": W, \"biases\": b}, \"output_layer\": {...}}, or"
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
            "  ./submit.sh import weights.json models/numpy",
            "  ./submit.sh evaluate --model models/numpy"
        })
final class ImportCommand implements Checked {
    @Parameters(index = "0", paramLabel = "FILE", description = "The JSON file.")
    private String file;

    @Parameters(index = "1", paramLabel = "MODEL_DIR", description = "Where the model goes.")
    private String model;

    @Option(names = "--overwrite", description = "Replace a model that exists.")
    private boolean overwrite;

    @Override
    public void checkPaths() {
        ModelOutput.checkPath(model, overwrite);
        LocalPaths.requireThere(file, "a JSON file");
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("import", spark -> {
            ModelOutput output = new ModelOutput(spark, model, overwrite);
            JsonReader.Parameters read = JsonReader.read(spark.sparkContext().hadoopConfiguration(), file);
            Model imported = new Model(
                    read.architecture(),
                    read.parameters(),
                    Provenance.imported(file, spark.version()),
                    read.signature());
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
}
