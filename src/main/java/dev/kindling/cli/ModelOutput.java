package dev.kindling.cli;

import dev.kindling.TrainedModel;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where a command puts a model. The place is checked before there is a model, so that no work is lost. */
final class ModelOutput {
    private final SparkSession spark;
    private final String directory;
    private final OutputDirectory output;

    /** See {@link ModelStore#open}. */
    ModelOutput(SparkSession spark, String directory, boolean overwrite) {
        this.spark = spark;
        this.directory = directory;
        this.output = ModelStore.open(spark, directory, overwrite, Main::warn);
    }

    /** Refuses a place that this machine has and that may not be replaced. */
    static void checkPath(String directory, boolean overwrite) {
        LocalPaths.requireFree(directory, Model.MARK, overwrite);
    }

    /** Saves a model, with its learning curve if it was trained, and says where. */
    void save(TrainedModel trained) {
        Sessions.announce("saving the model");
        trained.save(spark, output, path -> drawCurve(trained, path));
        System.out.println(
                "parameters in " + directory + ", SHA-256 " + trained.model().digest());
    }

    private void drawCurve(TrainedModel trained, Path path) throws IOException {
        if (trained.history().isEmpty()) {
            return;
        }
        try {
            PictureFiles.of(LearningCurve.of(directory, trained.history())).write(spark, path, "learning-curve");
        } catch (KindlingException e) { // no fonts: the numbers are there all the same
            Main.warn(e.getMessage());
        }
    }
}
