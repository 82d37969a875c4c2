package dev.kindling.training;

import dev.kindling.data.CachedRdd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.storage.BlockManagerId;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Which partitions each task of a round takes. Partitions stay on the executors that hold them, as long as each executor has
 * its share of them, by its cores. Where one has joined, some move there, and as few as can be. An executor has a task for each
 * of its cores, or for each of its partitions, if these are fewer.
 *
 * <p>One that Spark gives no more tasks, because it is decommissioned or excluded, still holds partitions for a while. The others
 * fetch all of them from it, in the first round that knows.
 */
final class Shares {
    private static final ClassTag<int[][]> SHARE = ClassTag.apply(int[][].class);

    private final RDD<?> cached;
    private final SparkContext context;
    /** By partition, the executor that had it in the round before. */
    private final Map<Integer, String> before = new HashMap<>();

    /** @param cached the blocks */
    Shares(RDD<?> cached) {
        this.cached = cached;
        this.context = cached.context();
    }

    /** What an executor has. */
    private static final class Part {
        private final String place;
        private final int cores;
        private final List<Integer> partitions = new ArrayList<>();
        /** Partitions that it still holds, and that others have now. */
        private final List<Integer> dropped = new ArrayList<>();

        private int target;

        Part(ExecutorSummary executor, boolean takesTasks) {
            String host = executor.hostPort().replaceFirst(":[0-9]*$", "");
            place = TaskPerCore.place(host, executor.id());
            cores = takesTasks ? executor.maxTasks() : 0;
        }

        int surplus() {
            return partitions.size() - target;
        }

        void addShares(List<Tuple2<int[][], Seq<String>>> shares) {
            int tasks = Math.min(cores, partitions.size());
            Seq<String> places = CollectionConverters.asScala(List.of(place)).toSeq();
            for (int task = 0; task < tasks; task++) {
                int from = TaskPerCore.start(task, tasks, partitions.size());
                int end = TaskPerCore.start(task + 1, tasks, partitions.size());
                int[][] share = {numbers(partitions.subList(from, end)), numbers(task == 0 ? dropped : List.of())};
                shares.add(new Tuple2<>(share, places));
            }
        }

        private static int[] numbers(List<Integer> partitions) {
            return partitions.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /**
     * The shares as they are now, as an RDD with a partition for each: the partitions of blocks that its task takes, and those that
     * its executor no longer has to hold.
     *
     * @return null if some blocks are on no executor, or if there are fewer cores than tasks
     */
    RDD<int[][]> draw() {
        Map<String, Part> executors = executors();
        if (executors.values().stream().allMatch(part -> part.cores == 0)) {
            return null;
        }
        List<List<String>> holders = holders();
        for (int partition = 0; partition < holders.size(); partition++) {
            String owner = before.get(partition);
            Optional<Part> holder = holders.get(partition).stream()
                    .filter(executors::containsKey)
                    .sorted(Comparator.comparing((String name) -> executors.get(name).cores == 0)
                            .thenComparing(name -> !name.equals(owner)))
                    .map(executors::get)
                    .findFirst();
            if (holder.isEmpty()) {
                return null;
            }
            holder.get().partitions.add(partition);
        }
        even(List.copyOf(executors.values()));
        Map<Integer, String> now = new HashMap<>();
        executors.forEach((name, part) -> part.partitions.forEach(partition -> now.put(partition, name)));
        now.forEach((partition, owner) -> {
            // It has its own copy, unless the round before did not come together.
            if (owner.equals(before.get(partition)) && holders.get(partition).contains(owner)) {
                holders.get(partition).stream()
                        .filter(holder -> !holder.equals(owner) && executors.containsKey(holder))
                        .forEach(holder -> executors.get(holder).dropped.add(partition));
            }
        });
        before.clear();
        before.putAll(now);
        List<Tuple2<int[][], Seq<String>>> shares = new ArrayList<>();
        executors.values().forEach(part -> part.addShares(shares));
        int cores =
                context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
        return shares.size() > cores
                ? null
                : context.makeRDD(CollectionConverters.asScala(shares).toSeq(), SHARE);
    }

    /** The executors that there are, by name: those that are about to leave too. */
    private Map<String, Part> executors() {
        Map<String, Part> executors = new TreeMap<>();
        for (ExecutorSummary executor :
                CollectionConverters.asJava(context.statusStore().executorList(true))) {
            boolean takesTasks = !executor.isExcluded() && takesTasks(context, executor.id());
            executors.put(executor.id(), new Part(executor, takesTasks));
        }
        return executors;
    }

    /** Whether Spark gives an executor tasks: one that is told to go gets none. */
    static boolean takesTasks(SparkContext context, String executor) {
        return !(context.schedulerBackend() instanceof ExecutorAllocationClient cluster)
                || cluster.isExecutorActive(executor);
    }

    /** By partition, the executors that hold its blocks. */
    private List<List<String>> holders() {
        return CachedRdd.holders(cached).stream()
                .map(places -> places.stream().map(BlockManagerId::executorId).toList())
                .toList();
    }

    /** Moves partitions, so that each executor has as many as its share of the cores, rounded. */
    private static void even(List<Part> parts) {
        int partitions = parts.stream().mapToInt(part -> part.partitions.size()).sum();
        int cores = parts.stream().mapToInt(part -> part.cores).sum();
        parts.forEach(part -> part.target = (int) ((long) partitions * part.cores / cores));
        int left = partitions - parts.stream().mapToInt(part -> part.target).sum();
        parts.stream() // those that have most beyond their share keep one more
                .filter(part -> part.cores > 0)
                .sorted(Comparator.comparingInt(Part::surplus).reversed())
                .limit(left)
                .forEach(part -> part.target++);
        for (Part poor : parts) {
            for (Part rich : parts) {
                while (poor.surplus() < 0 && rich.surplus() > 0) {
                    poor.partitions.add(rich.partitions.remove(rich.partitions.size() - 1));
                }
            }
        }
    }
}
