package dev.kindling.training;

import dev.kindling.data.CachedRdd;
import dev.kindling.data.PackedRows;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Two trainings, one after the other, on a cluster whose executors come and go, and then the same on local[2]. It says when the
 * blocks are where they should be, so that ExecutorsClusterIT can take an executor away or bring another. Its arguments are
 * settings.
 */
public final class ExecutorsComeAndGo {
    private static final int PARTITIONS = 8;
    private static final List<Long> ON_ONE = List.of(8L);
    private static final List<Long> ON_TWO = List.of(4L, 4L);
    /** What the executors do decides when a training ends. */
    private static final int FAR_TOO_MANY = 1_000_000;

    /** A step has four blocks, so that it can use more cores than there are. */
    private static final Recipe RECIPE =
            Recipes.miniBatch(Rows.ARCHITECTURE, Recipe.OptimizerKind.MOMENTUM, FAR_TOO_MANY).toBuilder()
                    .batchSize(4 * PackedRows.BLOCK_ROWS)
                    .build();

    private ExecutorsComeAndGo() {}

    public static void main(String[] settings) throws InterruptedException {
        SparkConf conf = new SparkConf().setAppName("executors come and go");
        for (String setting : settings) {
            String[] nameAndValue = setting.split("=", 2);
            conf.set(nameAndValue[0], nameAndValue[1]);
        }
        SparkSession cluster = SparkSession.builder().config(conf).getOrCreate();
        boolean dynamic = cluster.sparkContext().executorAllocationManager().isDefined();
        Run first = train(cluster, List.of(ON_TWO, ON_ONE, ON_TWO), 0);
        if (dynamic) {
            awaitNoExecutor(cluster.sparkContext());
        }
        Run second = train(cluster, List.of(ON_TWO), 0);
        cluster.stop();

        conf.setMaster("local[2]").set("spark.dynamicAllocation.enabled", "false");
        SparkSession local = SparkSession.builder().config(conf).getOrCreate();
        for (Run run : List.of(first, second)) {
            Run same = train(local, List.of(), run.steps());
            System.out.println((Arrays.equals(same.parameters(), run.parameters()) ? "same" : "other") + " bits");
        }
        local.stop();
    }

    private static void awaitNoExecutor(SparkContext context) throws InterruptedException {
        while (context.getExecutorMemoryStatus().size() > 1) { // the driver is one of them
            TimeUnit.MILLISECONDS.sleep(100);
        }
        System.out.println("on none");
    }

    /**
     * Trains until the blocks have been where they should be, one after the other.
     *
     * @param places how many partitions each executor holds
     * @param steps at least so many
     */
    private static Run train(SparkSession spark, List<List<Long>> places, int steps) {
        SparkContext context = spark.sparkContext();
        try (PackedRows packed = PackedRows.pack(Rows.random(spark, 1), Rows.ARCHITECTURE, PARTITIONS, RECIPE.seed())) {
            StepJobs.awaitListeners(context);
            PackedAgain packedAgain = new PackedAgain();
            context.addSparkListener(packedAgain);
            Script script = new Script(packed, places);
            Run run = new Run(RECIPE, packed);
            new Trainer(packed, RECIPE, script).train(run, () -> script.isOver() && run.steps() >= steps);
            StepJobs.awaitListeners(context);
            context.removeSparkListener(packedAgain);
            if (!places.isEmpty()) {
                System.out.println("packed again: " + packedAgain.partitions
                        + ", rounds that could not be while one left: " + script.withoutRound);
            }
            return run;
        }
    }

    /** Says when the blocks are where they should be next. */
    private static final class Script implements StepListener {
        private final PackedRows packed;
        private final SparkContext context;
        private final Deque<List<Long>> places;
        private int withoutRound;

        Script(PackedRows packed, List<List<Long>> places) {
            this.packed = packed;
            this.context = packed.blocks().context();
            this.places = new ArrayDeque<>(places);
        }

        boolean isOver() {
            return places.isEmpty();
        }

        @Override
        public void onStep(Step step) {
            if (!isOver()) {
                if (held().equals(places.peek())) {
                    System.out.println(places.remove().size() == 2 ? "on two" : "on one");
                }
                if (oneLeaves() && new Shares(packed.blocks().rdd()).draw() == null) {
                    withoutRound++;
                }
                slowly();
            }
        }

        private boolean oneLeaves() {
            ExecutorAllocationClient executors = (ExecutorAllocationClient) context.schedulerBackend();
            return CollectionConverters.asJava(executors.getExecutorIds()).stream()
                    .anyMatch(executor -> !executors.isExecutorActive(executor));
        }

        /** How many partitions each executor holds. */
        private List<Long> held() {
            return CachedRdd.holders(packed.blocks().rdd()).stream()
                    .flatMap(List::stream)
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                    .values()
                    .stream()
                    .toList();
        }

        /** So that a local training takes as many steps in a moment. */
        private static void slowly() {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Counts the partitions that are made of what a shuffle brought. */
    private static final class PackedAgain extends SparkListener {
        private final AtomicInteger partitions = new AtomicInteger();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() != null
                    && end.taskMetrics().shuffleReadMetrics().recordsRead() > 0) {
                partitions.incrementAndGet();
            }
        }
    }
}
