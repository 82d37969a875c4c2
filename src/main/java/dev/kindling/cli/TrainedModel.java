package dev.kindling.cli;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Blas;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.Provenance;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.Trained;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * What a run of training ends with, to be saved.
 *
 * @param history of its steps
 */
record TrainedModel(Model model, List<HistoryRow> history) {
    /** The model of a run, with where it comes from. */
    static TrainedModel of(SparkSession spark, Recipe recipe, PackedRows packed, Run run, Trained trained)
            throws IOException {
        Provenance provenance = new Provenance(
                recipe.settings(),
                packed.source(),
                packed.rows(),
                packed.fingerprint(),
                trained.steps(),
                trained.loss(),
                trained.accuracy(),
                packed.validationRows(),
                trained.validationLoss(),
                trained.validationAccuracy(),
                Version.of("kindling"),
                spark.version(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Blas.description() + " " + Version.of("netlib"),
                Cpu.kind(),
                Instant.now());
        return new TrainedModel(new Model(recipe.layers(), trained.parameters(), provenance), run.history());
    }

    /**
     * Saves it with its learning curve, and says where.
     *
     * @param directory the place, as it was given
     * @param output the same, opened
     */
    void save(SparkSession spark, String directory, OutputDirectory output) {
        spark.sparkContext().setJobDescription("save the model");
        ModelStore.save(spark, output, model, history, path -> {
            try {
                PictureFiles.of(LearningCurve.of(directory, history)).write(spark, path, "learning-curve");
            } catch (KindlingException e) { // no fonts: the numbers are there all the same
                System.err.println("kindling: " + e.getMessage());
            }
        });
        System.out.println("parameters in " + directory + ", SHA-256 " + model.digest());
    }
}
