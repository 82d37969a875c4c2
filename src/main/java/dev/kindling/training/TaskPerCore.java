package dev.kindling.training;

import dev.kindling.data.CachedRdd;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.ExecutorCacheTaskLocation;
import org.apache.spark.storage.BlockManagerId;
import scala.Option;

/**
 * Groups the partitions of a cached RDD so that a step has a task for each core, which goes through several partitions,
 * and not a task for each partition, because each task and its sums cost the driver time. All partitions of a task lie
 * on the same executor. Sums are exact, so which partitions share a task changes no bit of them.
 *
 * <p>Spark's own coalescer knows hosts only, and would have an executor fetch what another one on its host has cached.
 *
 * <p>Every step groups anew, by where the partitions lie at that moment. When an executor is lost between that moment and
 * the end of the step, Spark runs its tasks elsewhere, which pack its partitions again and cache them; the next step finds
 * them there. An executor that joins gets no partition that another one holds, as in any Spark job.
 */
final class TaskPerCore implements PartitionCoalescer, Serializable {
    private static final long serialVersionUID = 1L;

    /** The RDD with its partitions grouped; unchanged if it has no more of them than there are cores. */
    static <T> RDD<T> of(RDD<T> cached) {
        int cores = cached.context().defaultParallelism();
        return cached.getNumPartitions() <= cores
                ? cached
                : cached.coalesce(cores, false, Option.apply(new TaskPerCore()), null);
    }

    /**
     * The groups.
     *
     * @param cores of all executors together; each executor is assumed to have the same number of them
     */
    @Override
    public PartitionGroup[] coalesce(int cores, RDD<?> cached) {
        Map<Option<String>, List<Partition>> places = places(cached);
        int coresEach = (cores + places.size() - 1) / places.size();
        List<PartitionGroup> groups = new ArrayList<>();
        places.forEach((place, partitions) -> {
            int tasks = Math.min(coresEach, partitions.size());
            for (int task = 0; task < tasks; task++) {
                PartitionGroup group = new PartitionGroup(place);
                partitions
                        .subList(start(task, tasks, partitions.size()), start(task + 1, tasks, partitions.size()))
                        .forEach(group.partitions()::addOne);
                groups.add(group);
            }
        });
        return groups.toArray(PartitionGroup[]::new);
    }

    /** Which of the partitions of an executor is the first of a task, where its tasks have even parts of neighbours. */
    static int start(int task, int tasks, int partitions) {
        return (int) ((long) task * partitions / tasks);
    }

    /** An executor as Spark writes the place of a task. */
    static String place(String host, String executor) {
        return new ExecutorCacheTaskLocation(host, executor).toString();
    }

    /**
     * The partitions by the place where they are cached, as Spark writes it: an executor, or none of those that are
     * there.
     */
    private static Map<Option<String>, List<Partition>> places(RDD<?> cached) {
        Partition[] partitions = cached.partitions();
        List<List<BlockManagerId>> holders = CachedRdd.holders(cached);
        Map<Option<String>, List<Partition>> places = new LinkedHashMap<>();
        for (int p = 0; p < partitions.length; p++) {
            // Spark would wait for some seconds for one that it gives no more tasks.
            Option<String> place = holders.get(p).stream()
                    .filter(holder -> Shares.takesTasks(cached.context(), holder.executorId()))
                    .findFirst()
                    .map(holder -> Option.apply(place(holder.host(), holder.executorId())))
                    .orElse(Option.empty());
            places.computeIfAbsent(place, unseen -> new ArrayList<>()).add(partitions[p]);
        }
        return places;
    }
}
