package dev.kindling.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/** Runs Kindling and its peers in turn, and prints one table. run.sh starts it. */
public final class Main {
    /** What is measured together, in this order, by a name for the command line. */
    private static final Map<String, Function<Bench, List<Row>>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("start", Startup::rows);
        GROUPS.put("wide", WideAndDense::rows);
        GROUPS.put("growth", Growth::rows);
        GROUPS.put("partitions", ManyPartitions::rows);
        GROUPS.put("driver", ManyExecutors::rows);
        GROUPS.put("tune", SideBySide::rows);
        GROUPS.put("tab", TabOpen::rows);
        GROUPS.put("model", ModelFiles::rows);
        // These three last, as the session is warmest then, which counts most for short steps and for most rows.
        GROUPS.put("short", ShortSteps::rows);
        GROUPS.put("mark", ToTheMark::rows);
        GROUPS.put("step", FullBatch::rows);
        GROUPS.put("table", TenMillionRows::rows);
        GROUPS.put("accuracy", Accuracy::rows);
        GROUPS.put("ml", InPlaceOfThePerceptron::rows);
        GROUPS.put("score", ScoredImages::rows);
        GROUPS.put("large", LargeTable::rows);
    }

    /** Those that take more than an hour, and are run only if they are named. */
    private static final Set<String> LONG = Set.of("table", "accuracy", "ml", "score", "large");

    private Main() {}

    /** @param arguments {@code quick} or not, then the names of groups, none for all but the longest */
    public static void main(String[] arguments) throws IOException {
        Set<String> groups = new LinkedHashSet<>(List.of(arguments));
        boolean quick = groups.remove("quick");
        if (!GROUPS.keySet().containsAll(groups)) {
            throw new IllegalArgumentException("found " + groups + ", expected some of " + GROUPS.keySet());
        }
        try (SparkSession spark = Kindling.session();
                Peer numpy = numpy();
                Peer nativeBlas = nativeBlas()) {
            Bench bench = new Bench(spark, quick, Optional.ofNullable(numpy), Optional.ofNullable(nativeBlas));
            Machine.describe(bench).forEach(line -> System.out.println("- " + line));
            Kindling.warmUp(bench.spark(), bench.warmUpSteps());
            List<Row> rows = new ArrayList<>();
            GROUPS.forEach((name, group) -> {
                if (groups.isEmpty() ? !LONG.contains(name) : groups.contains(name)) {
                    List<Row> measured = group.apply(bench);
                    measured.forEach(System.err::println);
                    rows.addAll(measured);
                }
            });
            rows.sort(
                    Comparator.comparingInt(row -> Integer.parseInt(row.number().split(" ")[0])));
            System.out.println("\n" + Row.header());
            rows.forEach(System.out::println);
        }
    }

    /** NumPy and others in Python with two threads, or null where NumPy is not there. */
    private static Peer numpy() {
        if (System.getenv("PYTHON") == null) {
            return null;
        }
        ProcessBuilder builder = new ProcessBuilder(System.getenv("PYTHON"), "benchmarks/peers.py");
        builder.environment().put("OPENBLAS_NUM_THREADS", "2");
        return new Peer(builder);
    }

    /** A JVM with a native BLAS of one thread a task, or null where there is none. */
    private static Peer nativeBlas() {
        String library = System.getenv("OPENBLAS");
        if (library == null) {
            return null;
        }
        ProcessBuilder builder = FreshJvm.submit(
                NativePeer.class,
                List.of("--driver-memory", "4g", "--driver-java-options", "-D" + NativePeer.LIBRARY + "=" + library));
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        return new Peer(builder);
    }
}
