package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Initialisation;
import dev.kindling.training.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.storage.RDDInfo;

/** Rows 1, 2 and 5 to 8: a step over all rows, and what it is made of. */
final class FullBatch {
    /** In each turn: after a peer's turn the first few are slower, as the rows are in no cache. */
    private static final int TIMES = 41;
    /** For a dozen of them the JIT compilers are at work again, as MLlib uses Spark in other ways. */
    private static final int WARM_UP_ROUNDS = 20;

    private FullBatch() {}

    static List<Row> rows(Bench bench) {
        int times = bench.quick() ? 7 : TIMES;
        Recipe recipe = Repository.recipe("classic", "iterations=" + times);
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe);
                Mllib mllib = new Mllib(bench.spark())) {
            double firstLoss = Kindling.run(packed, recipe).firstLoss();
            GradientAlone alone = new GradientAlone(
                    Mnist.train(), recipe.layers(), Initialisation.UNIFORM.draw(recipe.layers(), recipe.seed()));
            PeakRate peakRate = new PeakRate();

            Alternation alternation = new Alternation();
            Contestant step = alternation.add(() -> Kindling.run(packed, recipe).median());
            Contestant gradient = alternation.add(() -> median(times, alone));
            Contestant empty =
                    alternation.add(() -> EmptyJob.seconds(packed.blocks().rdd(), 20));
            Contestant emptyBetween =
                    alternation.add(() -> EmptyJob.seconds(packed.blocks().rdd(), times, alone::seconds));
            Contestant peak = alternation.add(peakRate::multiplyAddsPerSecond);
            Contestant gd = alternation.add(() -> mllib.fit("gd", 3).secondsPerEvaluation());
            Contestant numpy = bench.numpy().isEmpty()
                    ? null
                    : alternation.add(() -> bench.numpyStep("float64", recipe, 0, firstLoss, 3));
            Contestant dense = bench.nativeBlas().isEmpty()
                    ? null
                    : alternation.add(
                            () -> Alternation.median(bench.nativeBlas().get().ask("gradient", times)));
            alternation.warmUp(bench.quick() ? 1 : WARM_UP_ROUNDS);
            alternation.run(bench.repetitions());

            List<Row> rows = new ArrayList<>();
            String first = "a step, against NumPy float64 on 2 threads";
            rows.add(
                    numpy == null
                            ? Row.notRun("1", first, Bench.NO_NUMPY)
                            : Row.faster("1", first, step.median(), numpy.median(), 6.8));
            rows.add(Row.faster("2", "a step, against an iteration of MLlib's `gd`", step.median(), gd.median(), 16));
            double rest = step.median() - gradient.median();
            String fifth = "a step without its gradient (" + Row.time(gradient.median()) + "), against an empty job";
            rows.add(Row.within("5", fifth, rest, empty.median(), 1.3));
            String between = ", each after a gradient alone, as a step follows a step";
            rows.add(Row.within("5 b", fifth + between, rest, emptyBetween.median(), 1.3));
            String sixth = "the gradient alone, against native OpenBLAS on dense rows";
            rows.add(
                    dense == null
                            ? Row.notRun("6", sixth, Bench.NO_OPENBLAS)
                            : Row.faster("6", sixth, gradient.median(), dense.median(), 2.5));
            rows.add(share(alone.multiplyAdds() / gradient.median(), peak.median()));
            rows.add(cached(packed));
            return rows;
        }
    }

    private static double median(int times, GradientAlone alone) {
        return Alternation.median(
                Stream.generate(alone::seconds).limit(times).mapToDouble(s -> s).toArray());
    }

    private static Row share(double ours, double peak) {
        return new Row(
                "7",
                "multiply-adds with an input that is not zero, in the gradient alone, against the most that 2 threads do",
                Row.number(ours / 1e9) + " G/s",
                Row.number(peak / 1e9) + " G/s",
                Row.number(100 * ours / peak) + " %",
                "≥ 10 %",
                Row.yes(ours / peak >= 0.1));
    }

    /** As Spark's Storage tab has it. */
    private static Row cached(PackedRows packed) {
        RDDInfo[] stored = packed.blocks().context().getRDDStorageInfo();
        double size = 0;
        for (RDDInfo info : stored) {
            size += info.id() == packed.blocks().id() ? info.memSize() + info.diskSize() : 0;
        }
        double raw = 60_000.0 * Mnist.FEATURES;
        return new Row(
                "8",
                "the cached training set, against its raw pixels",
                Row.number(size / 1e6) + " MB",
                Row.number(raw / 1e6) + " MB",
                Row.number(size / raw),
                "≤ 30 MB",
                Row.yes(size <= 30e6));
    }
}
