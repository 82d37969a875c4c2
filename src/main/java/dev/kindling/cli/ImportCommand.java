package dev.kindling.cli;

import dev.kindling.TrainedModel;
import dev.kindling.storage.JsonReader;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: parameters of other programs become a model. */
@Command(
        name = "import",
        header = "Make a model of parameters that were saved as JSON, by NumPy programs for example.",
        description = {
            "%nThe file has {\"hidden_layer\": {\"weights\": W, \"biases\": b}, \"output_layer\": {...}}, or"
                    + " {\"layers\": [{...}, ...]} for any number of layers: W with a row for each unit, b as a column or flat.",
            "%nThe parameters become 32-bit floats. Where a float64 program finds two best classes of a row closer"
                    + " together than floats can tell, about a millionth, the other of the two may be predicted here, of"
                    + " equals the lower one; all other rows are predicted the same.%n"
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh import weights.json models/numpy",
            "  ./submit.sh evaluate --model models/numpy"
        })
final class ImportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The JSON file.")
    private String file;

    @Parameters(index = "1", paramLabel = "MODEL_DIR", description = "Where the model goes.")
    private String model;

    @Option(names = "--overwrite", description = "Replace a model that is there.")
    private boolean overwrite;

    @Override
    public Integer call() throws Exception {
        return Sessions.run("import", spark -> {
            ModelOutput output = new ModelOutput(spark, model, overwrite);
            JsonReader.Parameters read = JsonReader.read(spark.sparkContext().hadoopConfiguration(), file);
            Model imported =
                    new Model(read.architecture(), read.parameters(), Provenance.imported(file, spark.version()));
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
