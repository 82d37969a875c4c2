package dev.kindling.benchmarks;

import dev.kindling.benchmarks.Alternation.Contestant;
import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.Trainer;
import java.util.List;
import java.util.stream.Stream;

/** Row 15: a step of four learning rates that are trained side by side, as {@code tune} does it, against a step of one. */
final class SideBySide {
    private static final double BAR = 2.5;

    private SideBySide() {}

    static List<Row> rows(Bench bench) {
        Row first = row(bench, "15", "conf/default.properties", "default", bench.quick() ? 50 : 300);
        return bench.quick()
                ? List.of(first)
                : List.of(first, row(bench, "15 b", "conf/classic.properties, full batch", "classic", 11));
    }

    private static Row row(Bench bench, String number, String what, String name, int steps) {
        List<Recipe> four = Stream.of("0.05", "0.1", "0.25", "0.5")
                .map(rate -> Repository.recipe(name, "iterations=" + steps, "learning-rate=" + rate))
                .toList();
        try (PackedRows packed = Kindling.pack(bench.spark(), four.get(0))) {
            Alternation alternation = new Alternation();
            Contestant ours = alternation.add(() -> step(packed, four));
            Contestant one = alternation.add(() -> step(packed, four.subList(0, 1)));
            alternation.warmUp(1);
            alternation.run(bench.repetitions());
            return Row.within(
                    number,
                    "a step of four rates side by side, " + what + ", against a step of one",
                    ours.median(),
                    one.median(),
                    BAR);
        }
    }

    /** Seconds of a step that moves all of them. */
    private static double step(PackedRows packed, List<Recipe> recipes) {
        double[] seconds = new double[recipes.get(0).iterations()];
        long[] last = {System.nanoTime()};
        List<Run> runs = recipes.stream().map(recipe -> new Run(recipe, packed)).toList();
        Trainer trainer = new Trainer(packed, recipes.get(0), step -> {
            long now = System.nanoTime();
            seconds[step.number() - 1] = (now - last[0]) / 1e9;
            last[0] = now;
        });
        trainer.train(runs, () -> false, (run, why) -> {
            throw why;
        });
        return Alternation.median(seconds);
    }
}
