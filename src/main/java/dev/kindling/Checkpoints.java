package dev.kindling;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Blas;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.CheckpointStore;
import dev.kindling.storage.Model;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Says when a run is saved before its end, and where it starts. */
public final class Checkpoints {
    /** A fit from code keeps so many: if the newest is damaged, there is the one before it. */
    private static final int KEPT = 2;

    private final Policy policy;
    private final CheckpointStore store;
    /** Where the run goes on, until it has; null for a run from the start. */
    private Checkpoint start;

    private int savedStep;

    /**
     * What to save, and whether to go on from what was saved.
     *
     * @param directory a path or URI of any Hadoop file system; need not exist
     * @param every the steps from one checkpoint to the next; with 0 only {@link Checkpoints#save} makes one
     * @param kept how many checkpoints to keep, the newest ones; at least 1
     * @param resume whether the run goes on from the newest checkpoint, of the same recipe and the same rows
     * @param overwrite whether a run from the start may replace checkpoints of another run
     */
    public record Policy(String directory, int every, int kept, boolean resume, boolean overwrite) {
        /** @throws KindlingException naming the setting that is out of range */
        public Policy {
            require(every >= 0, "checkpoint-every", every, "0 or more");
            require(kept >= 1, "checkpoints-kept", kept, "1 or more");
        }

        private static void require(boolean holds, String name, int found, String expected) {
            if (!holds) {
                throw new KindlingException(setting(name) + ": found " + found + ", expected " + expected);
            }
        }
    }

    /**
     * Looks at what is there, before any data is read. A driver that a cluster starts again, because the one before it died,
     * goes on from its checkpoints also without being told to.
     *
     * @param warn receives a line for each damaged checkpoint, for each that a killed command has left to be put right,
     *     and one if the run began with another BLAS
     * @throws KindlingException if there is none to go on from, if a new run would replace one, if it belongs to
     *     another recipe, or if nothing can be written there
     */
    public Checkpoints(SparkSession spark, Policy policy, Recipe recipe, Consumer<String> warn) {
        this.policy = policy;
        this.store = new CheckpointStore(spark, policy.directory());
        store.putRight(warn);
        this.start = start(spark, recipe, warn);
        if (start != null) {
            recipe.requireSame(start.recipe(), store.toString());
        } else if (!policy.overwrite() && !store.isEmpty()) {
            throw new KindlingException(store + ": holds checkpoints of a run: continue that run with "
                    + setting("resume") + ", or replace them with " + setting("overwrite"));
        }
        if (policy.every() > 0) {
            store.checkMayWrite();
        }
    }

    /** Those of a fit from code, which goes on from the newest checkpoint if there is one. */
    static Checkpoints of(SparkSession spark, Configuration.Saving saving, Recipe recipe) {
        boolean isBegun = !new CheckpointStore(spark, saving.directory()).isEmpty();
        return new Checkpoints(
                spark, new Policy(saving.directory(), saving.every(), KEPT, isBegun, false), recipe, warning -> {});
    }

    private Checkpoint start(SparkSession spark, Recipe recipe, Consumer<String> warn) {
        Checkpoint newest = null;
        if (policy.resume()) {
            newest = store.newest(warn)
                    .orElseThrow(() ->
                            new KindlingException(store + ": found no checkpoint to go on from, expected one: leave "
                                    + setting("resume") + " out to train from the start"));
        } else if (isStartedAgain(spark)) {
            newest = store.newest(warn)
                    .filter(saved -> recipe.isSame(saved.recipe()))
                    .orElse(null);
        }
        if (newest != null && !newest.blas().equals(Blas.name())) {
            warn.accept(store + ": the run began with " + newest.blas() + " and goes on with " + Blas.name()
                    + ": the last bits of the result may differ");
        }
        return newest;
    }

    /** Whether YARN has started this driver anew, after one that died and has left checkpoints of the same run. */
    private static boolean isStartedAgain(SparkSession spark) {
        Option<String> attempt = spark.sparkContext().applicationAttemptId();
        return attempt.isDefined() && !attempt.get().equals("1");
    }

    /**
     * The run to train, from its start or from the checkpoint. A run from its start deletes the checkpoints of others.
     *
     * @param data packed with the seed of the recipe
     * @param model whose parameters a run from its start begins with; empty if they are drawn
     * @throws KindlingException if a checkpoint is of other data
     */
    public Run begin(Recipe recipe, PackedRows data, Optional<Model> model) {
        return begin(recipe, data, model.map(Start::with).orElse(Start.DRAWN));
    }

    Run begin(Recipe recipe, PackedRows data, Start first) {
        if (start == null) {
            store.clear();
            return first.begin(recipe, data);
        }
        Run run = Run.resume(recipe, data, start, store.toString());
        start = null; // it is as large as the run
        savedStep = run.steps();
        return run;
    }

    /** Saves the run if it is time. */
    public void afterStep(Run run) {
        if (policy.every() > 0 && run.steps() % policy.every() == 0) {
            save(run);
        }
    }

    /** Saves the run if it is not saved already. */
    public void save(Run run) {
        if (run.steps() > savedStep) {
            store.save(run.checkpoint(), policy.kept());
            savedStep = run.steps();
        }
    }

    /** The place of the checkpoints. */
    @Override
    public String toString() {
        return store.toString();
    }
}
