package dev.kindling.training;

import com.sun.management.OperatingSystemMXBean;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.SparkSession;

/**
 * The CPU time of a driver for a step with many executors: its endpoint, its round and its run are those of training, and
 * {@link SimulatedExecutors} send.
 */
public final class DriverCost {
    private static final int WARM_UP = 300;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private DriverCost() {}

    /**
     * Prints milliseconds of CPU time a step: of all threads, then of those that receive and send, of those that read messages
     * and add up, and of the one that trains.
     *
     * @param arguments how many executors, how many steps
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int executors = Integer.parseInt(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        Recipe recipe =
                Recipe.builder().file(Path.of("conf/default.properties")).build();
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("driver")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1");
        try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
                PackedRows packed = pack(spark, recipe)) {
            RpcEnv rpcEnv = SparkEnv.get().rpcEnv();
            RoundEndpoint endpoint = new RoundEndpoint(rpcEnv);
            Round round = new Round(1, executors * SimulatedExecutors.CORES, Integer.MAX_VALUE);
            endpoint.begin(round);
            rpcEnv.setupEndpoint("simulated", endpoint);
            Process senders = start(rpcEnv.address().port(), recipe, executors);
            round.comesTogether(60_000_000_000L);
            Run run = new Run(recipe, packed);
            int[] blocks =
                    IntStream.range(0, executors * SimulatedExecutors.CORES).toArray();
            take(run, round, blocks, WARM_UP);
            System.gc();
            double all = PROCESS.getProcessCpuTime();
            Map<String, Double> before = byThread();
            take(run, round, blocks, steps);
            Map<String, Double> after = byThread();
            List<Double> times = new ArrayList<>(List.of((PROCESS.getProcessCpuTime() - all) / 1e6 / steps));
            for (String name : List.of("rpc-server", "dispatcher", "main")) {
                times.add((after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0)) / steps);
            }
            times.forEach(time -> System.out.printf(Locale.ROOT, "%.3f ", time));
            System.out.println();
            round.end();
            senders.waitFor();
        }
    }

    private static PackedRows pack(SparkSession spark, Recipe recipe) {
        LabelledRows rows = DataDirectory.open(
                spark, "data/mnist", Split.TEST, recipe.layers().classes());
        return PackedRows.pack(rows, recipe.layers(), 2, recipe.seed());
    }

    private static Process start(int port, Recipe recipe, int executors) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path")));
        command.add(SimulatedExecutors.class.getName());
        command.addAll(
                List.of(String.valueOf(port), "simulated", recipe.layers().toString(), String.valueOf(executors)));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static void take(Run run, Round round, int[] blocks, int steps) throws InterruptedException {
        for (int k = 0; k < steps; k++) {
            int step = run.steps() + 1;
            Order order = Order.step(
                    blocks, new float[][] {run.parameters()}, step, run.recipe().iterations(), "");
            run.step(round.sums(order, order.zero(run.recipe().layers())).run(0));
        }
    }

    /** Milliseconds of CPU time so far, by the first word of a thread's name. */
    private static Map<String, Double> byThread() {
        Map<String, Double> times = new TreeMap<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName().replaceFirst("-(\\d|event).*", "");
                times.merge(name, THREADS.getThreadCpuTime(thread.getThreadId()) / 1e6, Double::sum);
            }
        }
        return times;
    }
}
