package dev.kindling.benchmarks;

import dev.kindling.training.DriverCost;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Row 19: the driver's CPU time for a step with many executors, in a JVM of its own. */
final class ManyExecutors {
    private static final int BAR_AT = 256;
    private static final double BAR_SECONDS = 0.010;
    private static final int STEPS = 200;

    private ManyExecutors() {}

    static List<Row> rows(Bench bench) {
        int[] sizes = bench.quick() ? new int[] {2, BAR_AT} : new int[] {2, 16, 64, BAR_AT, 1024};
        List<Row> rows = new ArrayList<>();
        for (int executors : sizes) {
            double[][] runs = IntStream.range(0, bench.quick() || executors > BAR_AT ? 1 : 3)
                    .mapToObj(run -> measure(executors))
                    .toArray(double[][]::new);
            rows.add(row(executors, runs));
        }
        return rows;
    }

    private static Row row(int executors, double[][] runs) {
        boolean barred = executors == BAR_AT;
        double all = median(runs, 0);
        return new Row(
                "19",
                "the driver's CPU time for a step with " + executors + " executors of 4 cores: "
                        + Row.time(median(runs, 1))
                        + " for the network, " + Row.time(median(runs, 2)) + " for reading and adding, "
                        + Row.time(median(runs, 3)) + " for writing the order and the step",
                Row.time(all),
                "–",
                "–",
                barred ? "≤ " + Row.time(BAR_SECONDS) : "–",
                barred ? Row.yes(all <= BAR_SECONDS) : "–");
    }

    private static double median(double[][] runs, int part) {
        return Alternation.median(
                        Arrays.stream(runs).mapToDouble(run -> run[part]).toArray())
                / 1e3;
    }

    /** Milliseconds, as {@link DriverCost} prints them. */
    private static double[] measure(int executors) {
        String path = "benchmarks/target/kindling-benchmarks.jar" + File.pathSeparator
                + System.getProperty("java.class.path");
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-cp", path, DriverCost.class.getName()));
        command.addAll(List.of(String.valueOf(executors), String.valueOf(STEPS)));
        return FreshJvm.lines(new ProcessBuilder(command)).get(0).numbers();
    }
}
