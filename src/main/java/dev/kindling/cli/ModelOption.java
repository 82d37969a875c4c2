package dev.kindling.cli;

import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** {@code --model}, for the commands that read one. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = "models/mnist",
            description = "The model, as train saved it. Default: ${DEFAULT-VALUE}")
    private String directory;

    /** Loads the model; see {@link ModelStore#load}. */
    Model load(SparkSession spark) {
        spark.sparkContext().setJobDescription("load " + directory);
        return ModelStore.load(spark, directory, Main::warn);
    }

    /** Refuses a directory in which this machine has no model. */
    void checkPaths() {
        LocalPaths.requireModel(directory);
    }

    @Override
    public String toString() {
        return directory;
    }
}
