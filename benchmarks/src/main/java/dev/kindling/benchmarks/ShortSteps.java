package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.training.Recipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Rows 17 and 18: steps of 1,024 rows, and what they are made of. Its main class times them in a JVM of their own. */
public final class ShortSteps {
    private static final int STEPS = 4_000;
    private static final int BLOCKS = 1_024 / PackedRows.BLOCK_ROWS;
    private static final String SLOW = "takes minutes";

    private ShortSteps() {}

    static List<Row> rows(Bench bench) {
        Recipe recipe = Repository.recipe("default", "iterations=" + (bench.quick() ? 500 : STEPS));
        List<Row> rows = new ArrayList<>();
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe)) {
            Alternation alternation = new Alternation();
            Contestant step = alternation.add(() -> Kindling.run(packed, recipe).median());
            Contestant gradient = alternation.add(() -> gradientAlone(recipe.layers(), Mnist.train()));
            alternation.warmUp(2);
            alternation.run(bench.repetitions());
            String what = "a step of 1,024 rows, against its gradient alone";
            rows.add(Row.within("17", what, step.median(), gradient.median(), 2));
        }
        String cluster = "a step of 1,024 rows over two executors of one core, against two threads of one";
        String many = "a step of 1,024 rows of 6,000,000, against 1,024 of 60,000";
        if (bench.quick()) {
            return List.of(rows.get(0), Row.notRun("17 b", cluster, SLOW), Row.notRun("17 c", many, SLOW));
        }
        Alternation alternation = new Alternation();
        Contestant local = alternation.add(() -> inItsOwnJvm("local[2]", 1));
        Contestant executors = alternation.add(() -> inItsOwnJvm("local-cluster[2,1,1024]", 1));
        Contestant large = alternation.add(() -> inItsOwnJvm("local[2]", 100));
        alternation.run(1);
        rows.add(Row.within("17 b", cluster, executors.median(), local.median(), 2));
        rows.add(Row.within("17 c", many, large.median(), local.median(), 1.15));
        return rows;
    }

    /** Seconds of the gradient of a batch on two threads, in the mean over many batches; no Spark. */
    private static double gradientAlone(Architecture architecture, List<Block> blocks) {
        float[] parameters = Initialisation.HE.draw(architecture, 1);
        return TwoThreads.seconds(thread -> {
                    Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
                    float[] gradient = new float[architecture.parameters()];
                    for (int step = 0; step < STEPS; step++) {
                        network.use(parameters);
                        ExactSum sum = new ExactSum(gradient.length, BLOCKS * PackedRows.BLOCK_ROWS);
                        for (int b = thread; b < BLOCKS; b += 2) {
                            Block block = blocks.get((BLOCKS * step + b) % blocks.size());
                            network.gradient(block, gradient);
                            sum.add(gradient, block.rows());
                        }
                    }
                })
                / STEPS;
    }

    private static double inItsOwnJvm(String master, int repeat) {
        List<String> options = new ArrayList<>(FreshJvm.NO_NATIVE_BLAS);
        options.addAll(List.of("--driver-memory", repeat > 1 ? "12g" : "2g", "--master", master));
        // Executors load the plugin of the session before they have the jars of the application.
        options.addAll(List.of("--conf", "spark.executor.extraClassPath=" + System.getProperty("java.class.path")));
        return FreshJvm.lines(FreshJvm.submit(ShortSteps.class, options, "repeat=" + repeat))
                .get(0)
                .numbers()[0];
    }

    /** @param arguments settings of the recipe; prints the seconds of a step, of the second half of them */
    public static void main(String[] arguments) throws IOException {
        Recipe recipe = Repository.recipe(
                "default",
                Stream.concat(Stream.of("iterations=" + 2 * STEPS), Arrays.stream(arguments))
                        .toArray(String[]::new));
        try (SparkSession spark = Kindling.session();
                PackedRows packed = Kindling.pack(spark, recipe)) {
            double[] seconds = Kindling.run(packed, recipe).seconds();
            System.out.printf(Locale.ROOT, "%.9f%n", Alternation.median(Arrays.copyOfRange(seconds, STEPS, 2 * STEPS)));
        }
    }
}
