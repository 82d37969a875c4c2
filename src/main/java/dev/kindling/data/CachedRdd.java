package dev.kindling.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.RDDInfo;
import scala.jdk.javaapi.CollectionConverters;

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

    /** What Spark says it holds of an RDD, on all executors: bytes of memory and of disk. Empty if it has lost all of it. */
    static Optional<RDDInfo> stored(RDD<?> rdd) {
        return Arrays.stream(rdd.context().getRDDStorageInfo())
                .filter(info -> info.id() == rdd.id())
                .findFirst();
    }

    /**
     * Where its partitions are cached now.
     *
     * @param rdd that was persisted
     * @return for each partition, the executors that hold it
     */
    public static List<List<BlockManagerId>> holders(RDD<?> rdd) {
        BlockId[] ids = IntStream.range(0, rdd.getNumPartitions())
                .mapToObj(partition -> new RDDBlockId(rdd.id(), partition))
                .toArray(BlockId[]::new);
        return CollectionConverters.asJava(
                        SparkEnv.get().blockManager().master().getLocations(ids))
                .stream()
                .map(places -> List.<BlockManagerId>copyOf(CollectionConverters.asJava(places)))
                .toList();
    }
}
