package dev.kindling.cli;

import dev.kindling.storage.Model;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** {@code --model}, for the commands that read one. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "PATH",
            defaultValue = "models/mnist",
            description =
                    "The model: a directory, as train saved it, or a file that ends with .onnx. Default: ${DEFAULT-VALUE}")
    private String place;

    /** Loads the model; see {@link ModelFile#load}. */
    Model load(SparkSession spark) {
        return ModelFile.load(spark, place);
    }

    /** Refuses a place in which this machine has no model. */
    void checkPaths() {
        ModelFile.requireThere(place);
    }

    @Override
    public String toString() {
        return place;
    }
}
