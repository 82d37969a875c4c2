package dev.kindling.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.ExecutorCacheTaskLocation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.RDDBlockId;
import scala.Tuple2;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Which partitions each task of a round takes. A task takes partitions that its executor holds, and an executor has a task
 * for each of its cores, or for each partition that it holds, if these are fewer.
 */
final class Shares {
    private static final ClassTag<int[]> PARTITIONS = ClassTag.apply(int[].class);

    private Shares() {}

    /**
     * The shares as an RDD with a partition for each, which holds the numbers of the blocks' partitions.
     *
     * @param cached the blocks
     * @return null if some are on no executor, or if there are fewer cores than tasks
     */
    static RDD<int[]> of(RDD<?> cached) {
        SparkContext context = cached.context();
        Map<String, Integer> cores = cores(context);
        List<Tuple2<int[], scala.collection.immutable.Seq<String>>> shares = new ArrayList<>();
        for (Map.Entry<BlockManagerId, List<Integer>> held : held(cached).entrySet()) {
            BlockManagerId executor = held.getKey();
            int coresThere = executor == null ? 0 : cores.getOrDefault(executor.executorId(), 0);
            if (coresThere == 0) {
                return null;
            }
            String place = new ExecutorCacheTaskLocation(executor.host(), executor.executorId()).toString();
            for (int[] share : cut(held.getValue(), coresThere)) {
                shares.add(new Tuple2<>(
                        share, CollectionConverters.asScala(List.of(place)).toSeq()));
            }
        }
        int free =
                context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
        return shares.size() > free
                ? null
                : context.makeRDD(CollectionConverters.asScala(shares).toSeq(), PARTITIONS);
    }

    /** By the name of each executor, how many tasks it runs at a time. */
    private static Map<String, Integer> cores(SparkContext context) {
        Map<String, Integer> cores = new TreeMap<>();
        for (ExecutorSummary executor :
                CollectionConverters.asJava(context.statusStore().executorList(true))) {
            cores.put(executor.id(), executor.isExcluded() ? 0 : executor.maxTasks());
        }
        return cores;
    }

    /** The partitions that each executor holds; by null, those that are on none. */
    private static Map<BlockManagerId, List<Integer>> held(RDD<?> cached) {
        BlockId[] ids = IntStream.range(0, cached.getNumPartitions())
                .mapToObj(partition -> new RDDBlockId(cached.id(), partition))
                .toArray(BlockId[]::new);
        Seq<? extends Seq<BlockManagerId>> holders =
                SparkEnv.get().blockManager().master().getLocations(ids);
        Map<BlockManagerId, List<Integer>> held = new LinkedHashMap<>();
        for (int partition = 0; partition < ids.length; partition++) {
            BlockManagerId holder = holders.apply(partition).headOption().getOrElse(() -> null);
            held.computeIfAbsent(holder, unseen -> new ArrayList<>()).add(partition);
        }
        return held;
    }

    /** Cuts a list into even parts of neighbours, as many as asked for, or as it has elements. */
    private static List<int[]> cut(List<Integer> partitions, int parts) {
        int count = Math.min(parts, partitions.size());
        return IntStream.range(0, count)
                .mapToObj(part ->
                        partitions
                                .subList(part * partitions.size() / count, (part + 1) * partitions.size() / count)
                                .stream()
                                .mapToInt(Integer::intValue)
                                .toArray())
                .toList();
    }
}
