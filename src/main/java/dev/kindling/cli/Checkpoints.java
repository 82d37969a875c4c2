package dev.kindling.cli;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Blas;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.CheckpointStore;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** When a run is saved on its way, and where it starts. */
final class Checkpoints {
    private final CheckpointOptions options;
    private final SparkSession spark;
    private final CheckpointStore store;
    /** Where the run goes on, or null for a run from the start. */
    private final Checkpoint start;

    private int savedStep;

    /**
     * Looks what is there, before any data is read.
     *
     * @param model the place of the model, for the default place
     * @param overwrite whether checkpoints of another run may be replaced
     * @throws KindlingException if there is none to go on from, or one that a new run would replace, or it is of another
     *     recipe, or nothing can be written there
     */
    Checkpoints(CheckpointOptions options, SparkSession spark, String model, boolean overwrite, Recipe recipe) {
        this.options = options;
        this.spark = spark;
        this.store = new CheckpointStore(spark, options.directory(model));
        this.start = options.resume() ? newest() : null;
        if (start != null) {
            recipe.requireSame(start.recipe(), store.toString());
        } else if (!overwrite && !store.isEmpty()) {
            throw new KindlingException(
                    store + ": holds checkpoints of a run: go on with it with --resume, or start afresh"
                            + " with --overwrite");
        }
        if (options.every() > 0) {
            store.checkMayWrite();
        }
    }

    private Checkpoint newest() {
        Checkpoint newest = store.newest(warning -> System.err.println("kindling: " + warning))
                .orElseThrow(() -> new KindlingException(store + ": found no checkpoint to --resume from, expected one"
                        + " made by train with --checkpoint-every, or by interrupting it"));
        if (!newest.blas().equals(Blas.name())) {
            System.err.println("kindling: " + store + ": the run was begun with " + newest.blas()
                    + ", and goes on with " + Blas.name() + ": the last bits of the result may differ");
        }
        return newest;
    }

    /** The run to train. */
    Run begin(Recipe recipe, PackedRows data) {
        if (start == null) {
            store.clear();
            return new Run(recipe, data);
        }
        Run run = Run.resume(recipe, data, start, store.toString());
        savedStep = run.steps();
        return run;
    }

    /** Saves the run if it is time. */
    void afterStep(Run run) {
        if (options.every() > 0 && run.steps() % options.every() == 0) {
            save(run);
        }
    }

    /** Saves the run if it is not saved already. */
    void save(Run run) {
        if (run.steps() > savedStep) {
            spark.sparkContext().setJobDescription("checkpoint after step " + run.steps());
            store.save(run.checkpoint(), version(), options.kept());
            savedStep = run.steps();
        }
    }

    private static String version() {
        try {
            return Version.of("kindling");
        } catch (IOException e) {
            throw new IllegalStateException("the jar holds version.properties", e);
        }
    }

    /** The place of the checkpoints. */
    @Override
    public String toString() {
        return store.toString();
    }
}
