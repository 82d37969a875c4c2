package dev.kindling.data;

import org.apache.spark.api.java.JavaRDDLike;

/** Rows that Spark keeps in the executors' memory. */
public final class CachedRdd {
    private CachedRdd() {}

    /**
     * Frees that memory, unless Spark has stopped: an interruption stops it under a command that runs, and a block manager
     * that is asked to free something while it ends prints a stack trace.
     *
     * @param rdd that was persisted
     */
    public static void free(JavaRDDLike<?, ?> rdd) {
        if (!rdd.context().isStopped()) {
            rdd.rdd().unpersist(false);
        }
    }
}
