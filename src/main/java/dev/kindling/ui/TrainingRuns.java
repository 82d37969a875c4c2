package dev.kindling.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVStore;

/**
 * The runs of an application, read from Spark's store.
 *
 * @param store of a driver or of a History Server
 */
record TrainingRuns(KVStore store) {
    /** All of them, in the order in which they began. */
    List<TrainingRun> all() {
        try {
            List<TrainingRun> runs = new ArrayList<>();
            store.view(TrainingRun.class).forEach(runs::add);
            return runs;
        } catch (Exception e) { // which is all that Spark declares
            throw new IllegalStateException("cannot read Spark's store", e);
        }
    }

    /** One by its number. */
    Optional<TrainingRun> find(int id) {
        return all().stream().filter(run -> run.id() == id).findFirst();
    }
}
