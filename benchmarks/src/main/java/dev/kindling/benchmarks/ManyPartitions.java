package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.data.Split;
import dev.kindling.training.Recipe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Row 14: what many partitions cost the driver. That is the CPU time of those of its threads that receive the results of
 * tasks and add them up, in a step, less the same in a job over as many partitions that does nothing.
 */
final class ManyPartitions {
    private static final int BAR_AT = 256;
    private static final double BAR_SECONDS = 0.005;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ManyPartitions() {}

    static List<Row> rows(Bench bench) {
        List<Row> rows = new ArrayList<>();
        Recipe recipe = Repository.recipe("classic", "iterations=5");
        float[] expected = null;
        for (int partitions : bench.quick() ? new int[] {2, BAR_AT} : new int[] {2, 16, BAR_AT, 1024, 4096}) {
            try (PackedRows packed = Kindling.pack(Kindling.open(bench.spark(), Split.TRAIN), recipe, partitions)) {
                Kindling.run(packed, recipe);
                double before = driverSeconds();
                Kindling.Run run = Kindling.run(packed, recipe);
                // The run ends with one more job, for loss and accuracy at its end.
                double step = (driverSeconds() - before) / (recipe.iterations() + 1);
                before = driverSeconds();
                double empty = EmptyJob.seconds(packed.blocks().rdd(), recipe.iterations() + 1);
                double emptyDriver = (driverSeconds() - before) / (recipe.iterations() + 1);
                expected = expected == null ? run.parameters() : expected;
                String bits = Arrays.equals(run.parameters(), expected) ? "same bits" : "OTHER BITS";
                rows.add(row(partitions, step - emptyDriver, run.median(), empty, bits));
            }
        }
        return rows;
    }

    private static Row row(int partitions, double cost, double step, double empty, String bits) {
        boolean barred = partitions == BAR_AT;
        return new Row(
                "14",
                "a step of " + partitions + " partitions (" + Row.time(step) + ", an empty job " + Row.time(empty)
                        + ", " + bits + "): receiving and adding up",
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
