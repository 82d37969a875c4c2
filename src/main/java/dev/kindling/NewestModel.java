package dev.kindling;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.ModelStore;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The model that was saved last in a directory: for a stream that goes on while models are trained. Safe to share between threads.
 */
public final class NewestModel {
    private final SparkSession spark;
    private final String directory;

    /** When the model was saved. */
    private Optional<ModelStore.Saved> since = Optional.empty();

    private TableModel model;

    /** @param directory a path or URI of any Hadoop file system */
    public NewestModel(SparkSession spark, String directory) {
        this.spark = spark;
        this.directory = directory;
    }

    /**
     * The model, which is loaded when it is asked for first, and again when another has been saved there since. As long as a directory
     * is replaced, or is gone, the last one serves.
     *
     * @throws KindlingException if there is none at first, or if the new one is damaged
     */
    public synchronized TableModel get() {
        while (true) {
            Optional<ModelStore.Saved> there = saved();
            if (model != null && (there.isEmpty() || there.equals(since))) {
                return model;
            }
            try {
                model = TableModel.load(spark, directory);
                since = there;
            } catch (KindlingException e) {
                if (saved().equals(there)) {
                    throw e;
                } // else another was saved while this one was read
            }
        }
    }

    private Optional<ModelStore.Saved> saved() {
        return ModelStore.saved(spark.sparkContext().hadoopConfiguration(), directory);
    }
}
