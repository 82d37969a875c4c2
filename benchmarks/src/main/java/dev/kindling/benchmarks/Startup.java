package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.benchmarks.FreshJvm.Line;
import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows 9 and 10: what a fresh JVM costs. */
final class Startup {
    private static final String STEPS = "iterations=150";
    /** Why a quick run leaves some of them out. */
    private static final String SLOW = "a fresh JVM takes long";

    private Startup() {}

    static List<Row> rows(Bench bench) {
        List<Row> rows = new ArrayList<>();
        rows.addAll(start(bench));
        rows.add(whole(bench));
        if (bench.quick()) {
            rows.add(Row.notRun("10", "the first 150 steps of a JVM (full batch)", SLOW));
            rows.add(Row.notRun("10 b", "the first 150 steps of a JVM (1,024 rows each)", SLOW));
        } else {
            rows.add(firstSteps(bench, "10", "full batch", "classic", 1.6));
            rows.add(firstSteps(bench, "10 b", "1,024 rows each", "default", 2.5));
        }
        return rows;
    }

    private static List<Row> start(Bench bench) {
        List<Double> packing = new ArrayList<>();
        Alternation alternation = new Alternation();
        Contestant train = alternation.add(() -> {
            List<Line> lines = FreshJvm.lines(
                    FreshJvm.submit("train", "--iterations", "1", "--model", "benchmarks/target/model", "--overwrite"));
            double[] numbers = FreshJvm.first(lines, "60,000 rows").numbers();
            packing.add(numbers[numbers.length - 1]);
            return FreshJvm.first(lines, "step 1 ").seconds();
        });
        Contestant count = alternation.add(() -> countTenRows(""));
        Contestant plainCount = bench.quick() ? null : alternation.add(() -> countTenRows("yes"));
        alternation.run(bench.quick() ? 1 : bench.repetitions());
        String what = "from the start of `train` to its first step, against counting ten rows";
        String plainWhat = what + " without the archive of classes that submit.sh makes";
        double packed = Alternation.median(packing);
        return List.of(
                Row.within("9", what, train.median(), count.median(), 1.3),
                plainCount == null
                        ? Row.notRun("9 b", plainWhat, SLOW)
                        : Row.within("9 b", plainWhat, train.median(), plainCount.median(), 1.3),
                Row.within("9 c", "of that, reading and packing 60,000 images", packed, 1.5));
    }

    /** The first command of the README, to its end. */
    private static Row whole(Bench bench) {
        Alternation alternation = new Alternation();
        Contestant train = alternation.add(
                () -> seconds(FreshJvm.submit("train", "--model", "benchmarks/target/model", "--overwrite")));
        Contestant count = alternation.add(() -> seconds(FreshJvm.submit(CountTenRows.class, FreshJvm.NO_NATIVE_BLAS)));
        alternation.run(bench.quick() ? 1 : bench.repetitions());
        String what = "`train` as a whole, command to saved model, against an application that counts ten rows";
        return Row.within("18", what, train.median(), count.median(), 1.8);
    }

    /** From the start of a process to its end. */
    private static double seconds(ProcessBuilder builder) {
        long start = System.nanoTime();
        FreshJvm.lines(builder);
        return (System.nanoTime() - start) / 1e9;
    }

    private static double countTenRows(String plain) {
        ProcessBuilder builder = FreshJvm.submit(CountTenRows.class, FreshJvm.NO_NATIVE_BLAS);
        builder.environment().put("PLAIN", plain);
        return FreshJvm.first(FreshJvm.lines(builder), "rows: 10").seconds();
    }

    /** The steps are the same in a JVM that has just started and in this one, which is warm. */
    private static Row firstSteps(Bench bench, String number, String batch, String recipeName, double times) {
        Recipe recipe = Repository.recipe(recipeName, STEPS);
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe)) {
            Alternation alternation = new Alternation();
            Contestant cold = alternation.add(
                    () -> FreshJvm.lines(FreshJvm.submit(FirstSteps.class, FreshJvm.NO_NATIVE_BLAS, recipeName, STEPS))
                            .get(0)
                            .numbers()[0]);
            Contestant warm = alternation.add(
                    () -> Arrays.stream(Kindling.run(packed, recipe).seconds()).sum());
            alternation.run(bench.repetitions());
            return Row.within(
                    number,
                    "the first 150 steps of a JVM (" + batch + "), against the same in one that is warm",
                    cold.median(),
                    warm.median(),
                    times);
        }
    }
}
