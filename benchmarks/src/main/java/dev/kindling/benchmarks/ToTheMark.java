package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Block;
import dev.kindling.training.Recipe;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Rows 3 and 4: from packed data to 93.25 % on the test set. */
final class ToTheMark {
    /** The fewest iterations of L-BFGS from MLlib's seed 1 that reach the mark, found by trying: docs/benchmarks.md. */
    private static final int MLLIB_ITERATIONS = 172;

    private ToTheMark() {}

    static List<Row> rows(Bench bench) {
        String recipe = Files.exists(Repository.path("conf/fast.properties")) ? "fast" : "default";
        List<Block> test = Mnist.test();
        List<Double> ours = new ArrayList<>();
        List<Double> numpy256 = new ArrayList<>();
        List<Double> numpy1024 = new ArrayList<>();
        int seeds = bench.quick() ? 2 : 10;
        for (int seed = 1; seed <= seeds; seed++) {
            ours.add(ours(bench, Repository.recipe(recipe, "seed=" + seed), test));
            if (bench.numpy().isPresent()) {
                numpy256.add(bench.numpy().get().ask("mark", 256, 0.05, seed, TimeToMark.MARK)[0]);
                numpy1024.add(bench.numpy().get().ask("mark", 1024, 0.1, seed, TimeToMark.MARK)[0]);
            }
        }
        double seconds = median(ours);
        String what = "to 93.25 % with conf/" + recipe + ".properties (" + reached(ours) + " of " + seeds + " seeds)";
        return List.of(mllib(bench, what, seconds), numpy(bench, what, seconds, numpy256, numpy1024));
    }

    private static double ours(Bench bench, Recipe recipe, List<Block> test) {
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe)) {
            return TimeToMark.seconds(packed, recipe, test);
        }
    }

    private static Row mllib(Bench bench, String what, double seconds) {
        if (bench.quick()) {
            return Row.notRun("3", what + ", against MLlib's L-BFGS", "MLlib takes minutes");
        }
        try (Mllib mllib = new Mllib(bench.spark())) {
            Mllib.Fit fit = mllib.fit("l-bfgs", MLLIB_ITERATIONS);
            return Row.faster(
                    "3",
                    what + ", against " + MLLIB_ITERATIONS + " iterations of MLlib's L-BFGS (one run, "
                            + Row.number(100 * mllib.accuracy(fit)) + " %)",
                    seconds,
                    fit.seconds(),
                    100);
        }
    }

    private static Row numpy(Bench bench, String what, double seconds, List<Double> numpy256, List<Double> numpy1024) {
        if (bench.numpy().isEmpty()) {
            return Row.notRun("4", what + ", against NumPy's mini-batches", Bench.NO_NUMPY);
        }
        boolean small = medianOfReached(numpy256) < medianOfReached(numpy1024);
        List<Double> better = small ? numpy256 : numpy1024;
        return Row.within(
                "4",
                what + ", against NumPy float32, batches of " + (small ? 256 : "1,024") + " (" + reached(better)
                        + " of " + better.size() + " seeds)",
                seconds,
                medianOfReached(better),
                1);
    }

    /** Over all seeds. */
    private static double median(List<Double> seconds) {
        if (seconds.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        return Alternation.median(
                seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Over the seeds that got there. */
    private static double medianOfReached(List<Double> seconds) {
        return median(seconds.stream().filter(Double::isFinite).toList());
    }

    private static long reached(List<Double> seconds) {
        return seconds.stream().filter(Double::isFinite).count();
    }
}
