package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.Split;
import dev.kindling.training.ExchangeKind;
import dev.kindling.training.Recipe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Row 14: what many partitions cost the driver where each step has a job of its own. That is the CPU time of those of its
 * threads that receive the results of tasks and add them up, in a step, less the same in a job of as many tasks that does
 * nothing. A step has a task for each core and not for each partition; a job with a task for each partition is timed beside it.
 */
final class ManyPartitions {
    private static final int BAR_AT = 256;
    private static final double BAR_SECONDS = 0.005;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ManyPartitions() {}

    static List<Row> rows(Bench bench) {
        List<Row> rows = new ArrayList<>();
        Recipe recipe = Repository.recipe("classic", "iterations=20");
        float[] expected = null;
        for (int partitions : bench.quick() ? new int[] {2, BAR_AT} : new int[] {2, 16, BAR_AT, 1024, 4096}) {
            try (PackedRows packed = Kindling.pack(Kindling.open(bench.spark(), Split.TRAIN), recipe, partitions)) {
                float[] found = Kindling.run(packed, recipe, ExchangeKind.JOB).parameters();
                // The run ends with one more job, for loss and accuracy at its end.
                int jobs = recipe.iterations() + 1;
                RDD<?> tasks = aTaskForEachCore(packed.blocks().rdd());
                List<Double> cost = new ArrayList<>();
                List<Double> emptyCost = new ArrayList<>();
                Alternation alternation = new Alternation();
                Contestant step = alternation.add(() -> {
                    double before = driverSeconds();
                    double seconds =
                            Kindling.run(packed, recipe, ExchangeKind.JOB).median();
                    cost.add((driverSeconds() - before) / jobs);
                    return seconds;
                });
                alternation.add(() -> {
                    double before = driverSeconds();
                    double seconds = EmptyJob.seconds(tasks, jobs);
                    emptyCost.add((driverSeconds() - before) / jobs);
                    return seconds;
                });
                Contestant empty =
                        alternation.add(() -> EmptyJob.seconds(packed.blocks().rdd(), 4));
                alternation.warmUp(1);
                cost.clear();
                emptyCost.clear();
                alternation.run(partitions > BAR_AT ? 1 : bench.repetitions());
                expected = expected == null ? found : expected;
                String bits = Arrays.equals(found, expected) ? "same bits" : "OTHER BITS";
                rows.add(row(
                        partitions,
                        Alternation.median(cost) - Alternation.median(emptyCost),
                        step.median(),
                        empty.median(),
                        bits));
            }
        }
        return rows;
    }

    private static <T> RDD<T> aTaskForEachCore(RDD<T> rdd) {
        int cores = rdd.context().defaultParallelism();
        return rdd.getNumPartitions() <= cores ? rdd : rdd.coalesce(cores, false, Option.empty(), null);
    }

    private static Row row(int partitions, double cost, double step, double empty, String bits) {
        boolean barred = partitions == BAR_AT;
        return new Row(
                "14",
                "a job for a step of " + partitions + " partitions (" + Row.time(step)
                        + ", an empty job of a task for each " + Row.time(empty) + ", " + bits
                        + "): receiving and adding up",
                Row.time(cost),
                "–",
                "–",
                barred ? "≤ " + Row.time(BAR_SECONDS) : "–",
                barred ? Row.yes(cost <= BAR_SECONDS) : "–");
    }

    /** CPU seconds so far of the threads that take results in, and of the one that hands them to the job's owner. */
    private static double driverSeconds() {
        double seconds = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().matches("task-result-getter.*|dag-scheduler-event-loop")) {
                seconds += THREADS.getThreadCpuTime(thread.getThreadId()) / 1e9;
            }
        }
        return seconds;
    }
}
