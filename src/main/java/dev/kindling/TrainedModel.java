package dev.kindling;

import dev.kindling.data.PackedRows;
import dev.kindling.storage.Environment;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.Signature;
import dev.kindling.training.Run;
import dev.kindling.training.Trained;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The result of a run of training, to be used and to be saved.
 *
 * @param history of its steps
 */
public record TrainedModel(Model model, List<HistoryRow> history) {
    /**
     * The model of a run, with where it comes from.
     *
     * @param trained the result of the run, as the trainer gives it
     */
    public static TrainedModel of(SparkSession spark, Run run, Trained trained) {
        return of(spark, run, trained, Optional.empty());
    }

    /**
     * The same with a signature.
     *
     * @param signature what goes in and comes out, where that is not pixels and numbers of classes
     */
    public static TrainedModel of(SparkSession spark, Run run, Trained trained, Optional<Signature> signature) {
        PackedRows data = run.data();
        Provenance provenance = new Provenance(
                run.recipe().settings(),
                data.source(),
                data.rows(),
                data.fingerprint(),
                trained.steps(),
                trained.loss(),
                trained.accuracy(),
                data.validationRows(),
                trained.validationLoss(),
                trained.validationAccuracy(),
                Environment.here(spark.version()),
                trained.exchange().name().toLowerCase(Locale.ROOT),
                Instant.now());
        return new TrainedModel(
                new Model(run.recipe().layers(), trained.parameters(), provenance, signature), run.history());
    }

    /**
     * Saves it, whole or not at all.
     *
     * @param output see {@link ModelStore#open}
     * @param more writes other files of the directory, such as pictures
     */
    public void save(SparkSession spark, OutputDirectory output, OutputDirectory.Writer more) {
        ModelStore.save(spark, output, model, history, more);
    }
}
