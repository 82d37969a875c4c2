package dev.kindling.data;

import org.apache.spark.api.java.JavaRDDLike;

/** Rows that Spark keeps in the executors' memory. */
public final class CachedRdd {
    private CachedRdd() {}

    /**
     * Frees that memory, unless Spark has stopped. An interruption stops Spark while a command runs, and a block
     * manager that ends prints a stack trace when it is asked to free something.
     *
     * @param rdd that was persisted
     */
    public static void free(JavaRDDLike<?, ?> rdd) {
        if (!rdd.context().isStopped()) {
            rdd.rdd().unpersist(false);
        }
    }
}
