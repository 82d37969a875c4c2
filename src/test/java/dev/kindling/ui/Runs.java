package dev.kindling.ui;

import dev.kindling.network.Architecture;
import dev.kindling.storage.HistoryRow;
import dev.kindling.training.PartitionCost;
import dev.kindling.training.Thinned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Made-up runs, for tests of what is shown. */
final class Runs {
    private Runs() {}

    static TrainingStarted started(int run, String text, String layers, int steps) {
        return new TrainingStarted(
                run, text, 1_795_648_514_892L, layers, Map.of("seed", text), text, 900, 100, text, text, 0, steps);
    }

    static TrainingStep step(int run, int step, double validationLoss) {
        HistoryRow shown = new HistoryRow(
                step,
                2.0 / step,
                1 - 1.0 / step,
                validationLoss,
                validationLoss / 2,
                0.1,
                256,
                step * 0.5,
                List.of(0.3, 0.4),
                List.of(1));
        return new TrainingStep(run, shown, new TrainingRun.Cost(0.002, 0.0005, 0.004, 0, 0.001));
    }

    static TrainingState state(int run, int step, String layers, int partitions, int classes) {
        Architecture architecture = Architecture.parse(layers);
        float[] parameters = new float[architecture.parameters()];
        Random random = new Random(1);
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = (float) random.nextGaussian();
        }
        long[][] confusion = new long[classes][classes];
        IntStream.range(0, classes).forEach(c -> confusion[c][(c + 1) % classes] = 1_234L + c);
        List<PartitionCost> costs = IntStream.range(0, partitions)
                .mapToObj(p -> new PartitionCost(p, 1_000L * p, 1 + p))
                .toList();
        return new TrainingState(run, step, parameters, List.of(2), step, confusion, costs, true);
    }

    /** A run under way. */
    static TrainingRun run(TrainingStarted started, int steps, TrainingState state, String status, String why) {
        Thinned<TrainingStep> shown = new Thinned<>(TrainingListener.MOST_STEPS);
        Thinned<TrainingStep> evaluations = new Thinned<>(TrainingListener.MOST_STEPS);
        List<TrainingRun.StepJob> recent = new ArrayList<>();
        TrainingRun.Cost cost = TrainingRun.Cost.NONE;
        for (int s = 1; s <= steps; s++) {
            TrainingStep step = step(started.run(), s, s % 5 == 0 ? 1.0 / s : Double.NaN);
            shown.add(step);
            cost = cost.plus(step.cost());
            if (step.shown().isValidated()) {
                evaluations.add(step);
            }
            if (s > steps - 10) {
                recent.add(new TrainingRun.StepJob(step, 100 + s));
            }
        }
        Collections.reverse(recent);
        return new TrainingRun(started, shown.elements(), evaluations.elements(), recent, cost, state, status, why);
    }
}
