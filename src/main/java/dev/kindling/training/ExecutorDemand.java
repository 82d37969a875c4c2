package dev.kindling.training;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExecutorAllocationManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Asks for executors where Spark allocates them dynamically. Spark asks for them when tasks wait for a core, and a round never
 * has such tasks, because it makes do with the cores that there are. So nobody would come for an executor that has left, nor to
 * a machine that is free now.
 *
 * <p>A training can use a core for each partition, and no more than a step has blocks. While it has fewer, it asks for as many
 * executors as Spark would for so many tasks. Once no order has come for a while, it asks for none.
 */
final class ExecutorDemand implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How many executors each training of this application asks for. They take turns, so the most of these is enough for all. */
    private static final Map<ExecutorDemand, Integer> ASKED = new ConcurrentHashMap<>();

    private final SparkContext context;
    private final int partitions;
    /** Null where Spark allocates nothing. */
    private final ScheduledExecutorService clock;

    private volatile int blocks;
    private volatile boolean busy;
    private volatile long since = System.nanoTime();

    /** @param cached the blocks */
    ExecutorDemand(RDD<?> cached) {
        context = cached.context();
        partitions = cached.getNumPartitions();
        clock = context.executorAllocationManager().isEmpty() ? null : clock();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it goes on until the clock stops
    private ScheduledExecutorService clock() {
        // A thread of its own, because a cluster manager that is gone may keep it for minutes.
        ScheduledExecutorService looks = Clock.start("kindling-executor-demand");
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return looks;
    }

    /** An order is about to be carried out. */
    void begin(Order order) {
        blocks = order.pass() == Pass.STEP ? order.blocks().length : blocks;
        busy = true;
    }

    /** It has been carried out. */
    void end() {
        since = System.nanoTime();
        busy = false;
    }

    private void look() {
        try {
            int useful = Math.min(partitions, blocks);
            boolean isTraining = busy || System.nanoTime() - since < PATIENCE_NANOS;
            if (isTraining && cores() < useful) {
                ASKED.put(this, executors(useful));
                ask();
            } else {
                release();
            }
        } catch (Exception e) { // SparkException too, which Scala does not declare
            // Spark is being stopped, or the cluster manager does not answer now.
        }
    }

    private int cores() {
        return context.maxNumConcurrentTasks(profile());
    }

    /** How many executors Spark would ask for if so many tasks ran or waited. */
    private int executors(int tasks) {
        SparkConf conf = context.getConf();
        double ratio = conf.getDouble("spark.dynamicAllocation.executorAllocationRatio", 1);
        int most = conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE);
        return (int) Math.min(most, Math.ceil(tasks * ratio / profile().maxTasksPerExecutor(conf)));
    }

    private ResourceProfile profile() {
        return context.resourceProfileManager().defaultResourceProfile();
    }

    private void release() {
        if (ASKED.remove(this) != null) {
            ask();
        }
    }

    /** Asks for what trainings want or, where it is more, for what Spark itself wants, for whose next word this holds. */
    private void ask() {
        ExecutorAllocationManager manager = context.executorAllocationManager().get();
        synchronized (manager) {
            Map<?, ?> targets = CollectionConverters.asJava(manager.numExecutorsTargetPerResourceProfileId());
            if (targets.size() == 1) { // a request says all profiles, and the others' are not ours to know
                int target = (Integer) targets.get(profile().id());
                int asked = ASKED.values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0);
                context.requestTotalExecutors(Math.max(target, asked), 0, Map$.MODULE$.empty());
            }
        }
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.execute(() -> {
                try {
                    release();
                } catch (Exception e) { // SparkException too, which Scala does not declare
                    // Spark is being stopped, and asks for nothing any more.
                }
            });
            clock.shutdown();
        }
    }
}
