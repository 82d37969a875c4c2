package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Row 13: a hundred times the rows. Each size in a JVM of its own, whose main class this is too. */
public final class Growth {
    private static final int TIMES = 100;
    private static final String TIME = "time a row of a step over 6,000,000 rows, against 60,000 (one run of each)";
    private static final String HEAP = "heap of the driver after these steps, without the cached rows";
    private static final String SLOW = "takes minutes";

    private Growth() {}

    static List<Row> rows(Bench bench) {
        if (bench.quick()) {
            return List.of(Row.notRun("13", TIME, SLOW), Row.notRun("13 b", HEAP, SLOW));
        }
        double[] one = measure(1, 1_000);
        double[] many = measure(TIMES, 12);
        return List.of(
                new Row(
                        "13",
                        TIME,
                        Row.number(many[0]) + " ns",
                        Row.number(one[0]) + " ns",
                        Row.number(many[0] / one[0]),
                        "≤ 1.10",
                        Row.yes(many[0] <= 1.1 * one[0])),
                new Row(
                        "13 b",
                        HEAP,
                        Row.number(many[1] / 1e6) + " MB",
                        Row.number(one[1] / 1e6) + " MB",
                        Row.number(many[1] / one[1]),
                        "≤ 1.10",
                        Row.yes(many[1] <= 1.1 * one[1])));
    }

    private static double[] measure(int times, int steps) {
        List<String> options = new ArrayList<>(FreshJvm.NO_NATIVE_BLAS);
        options.addAll(List.of("--driver-memory", "8g"));
        return FreshJvm.lines(FreshJvm.submit(Growth.class, options, String.valueOf(times), String.valueOf(steps)))
                .get(0)
                .numbers();
    }

    /** @param arguments how often each image is there, and the number of steps, of which the second half counts */
    public static void main(String[] arguments) throws IOException {
        Recipe recipe = Repository.recipe("classic", "repeat=" + arguments[0], "iterations=" + arguments[1]);
        try (SparkSession spark = Kindling.session()) {
            Kindling.warmUp(spark, Kindling.WARM_UP);
            PackedRows packed = Kindling.pack(spark, recipe);
            double[] seconds = Kindling.run(packed, recipe).seconds();
            // In local mode the executor's cache lies in the driver's heap.
            packed.blocks().unpersist(true);
            System.gc();
            double step = Alternation.median(Arrays.copyOfRange(seconds, seconds.length / 2, seconds.length));
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println(1e9 * step / packed.rows() + " " + heap);
        }
    }
}
