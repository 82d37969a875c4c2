package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import java.util.Arrays;
import java.util.List;

/** Rows 11 and 12: a wider network, and data without zeros, against NumPy float32 with its OpenBLAS. */
final class WideAndDense {
    private static final int STEPS = 4;
    /** Steps after which what is new in them is compiled. */
    private static final int FIRST = 20;

    private static final String SMALL = "784,10,10";
    private static final String WIDE = "784,128,64,10";
    /** Added to every pixel, leaves no zeros. */
    private static final float SHIFT = 0.1f;

    private static final String BOTH =
            ", native OpenBLAS there for both sides (ours uses it where vectors have fewer than 512 bits)";

    private WideAndDense() {}

    static List<Row> rows(Bench bench) {
        // A JVM of its own, which has not taken a step yet.
        bench.nativeBlas().ifPresent(peer -> peer.ask("warmUp", Math.min(bench.warmUpSteps(), Kindling.WARM_UP)));
        return List.of(
                withoutNative(bench, "11", "a step of 784-128-64-10, against NumPy float32 on 2 threads"),
                dense(bench, "12", "dense rows, 784-10-10" + BOTH, SMALL),
                dense(bench, "12 b", "dense rows, 784-128-64-10" + BOTH, WIDE));
    }

    private static Recipe recipe(String layers) {
        return Repository.recipe("classic", "initialisation=he", "layers=" + layers, "iterations=" + STEPS);
    }

    private static Row withoutNative(Bench bench, String number, String what) {
        if (bench.numpy().isEmpty()) {
            return Row.notRun(number, what, Bench.NO_NUMPY);
        }
        Recipe recipe = recipe(WIDE);
        try (PackedRows packed = Kindling.pack(bench.spark(), recipe)) {
            double firstLoss = Kindling.run(packed, recipe).firstLoss();
            Alternation alternation = new Alternation();
            Contestant ours = alternation.add(() -> Kindling.run(packed, recipe).median());
            Contestant theirs = alternation.add(() -> bench.numpyStep("float32", recipe, 0, firstLoss, STEPS));
            alternation.warmUp(1);
            alternation.run(bench.repetitions());
            return Row.faster(number, what, ours.median(), theirs.median(), 1);
        }
    }

    private static Row dense(Bench bench, String number, String what, String layers) {
        if (bench.numpy().isEmpty() || bench.nativeBlas().isEmpty()) {
            return Row.notRun(number, what, bench.numpy().isEmpty() ? Bench.NO_NUMPY : Bench.NO_OPENBLAS);
        }
        Recipe recipe = recipe(layers);
        double firstLoss = denseSteps(bench, layers, FIRST)[0];
        Alternation alternation = new Alternation();
        Contestant ours = alternation.add(() -> {
            double[] answer = denseSteps(bench, layers, STEPS);
            return Alternation.median(Arrays.copyOfRange(answer, 1, answer.length));
        });
        Contestant theirs = alternation.add(() -> bench.numpyStep("float32", recipe, SHIFT, firstLoss, STEPS));
        alternation.warmUp(1);
        alternation.run(bench.repetitions());
        return Row.faster(number, what, ours.median(), theirs.median(), 1);
    }

    private static double[] denseSteps(Bench bench, String layers, int steps) {
        return bench.nativeBlas().orElseThrow().ask("steps", layers, SHIFT, steps);
    }
}
