package dev.kindling.training;

import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Schedule;
import java.util.List;

/**
 * The settings that suit a table, by the number of its rows alone: docs/library.md says on which data sets they were found.
 */
public final class Defaults {
    /** Fewer rows than this are few: more units learn them by heart. */
    private static final int FEW = 1_000;

    private static final int STEPS = 2_000;

    /** A step of fewer rows than this costs as much as one of these. */
    private static final int SMALL_BATCH = 256;

    /** The largest batch: beyond it, twice the rows help a step little. */
    private static final int LARGE_BATCH = 4_096;

    /** From so many rows on the batch is twice as large, and twice again from ten times as many, and so on. */
    private static final int FIRST_DOUBLING = 10_000;

    /** Of very many rows each is seen so often; of others the steps decide. */
    private static final int EPOCHS = 2;

    /** The decay, times the number of rows: the more there are, the less it needs. */
    private static final double DECAY = 2_000;

    /** The most of it where classes are told apart. */
    private static final double MOST_OF_CLASSES = 2;

    /** The most of it where numbers are predicted, which are noisier. */
    private static final double MOST_OF_NUMBERS = 5;

    private Defaults() {}

    /** The units of each hidden layer. */
    public static List<Integer> hiddenLayers(long rows) {
        return List.of(rows < FEW ? 100 : 256);
    }

    /** All other settings. */
    public static RecipeBuilder recipe(long rows, Output output) {
        int batch = SMALL_BATCH;
        for (long bound = FIRST_DOUBLING; bound <= rows && batch < LARGE_BATCH; bound *= 10) {
            batch *= 2;
        }
        double mostDecay = output == Output.SOFTMAX ? MOST_OF_CLASSES : MOST_OF_NUMBERS;
        long steps = Math.max(rows < FEW ? STEPS / 2 : STEPS, EPOCHS * rows / batch);
        return Recipe.builder()
                .inputs(Recipe.Inputs.CENTRED)
                .initialisation(Initialisation.HE)
                .optimizer(Recipe.OptimizerKind.ADAM)
                .learningRate(0.01)
                .beta1(0.9)
                .beta2(0.999)
                .schedule(Schedule.COSINE)
                .warmup(100)
                .iterations(Math.toIntExact(Math.min(steps, Integer.MAX_VALUE)))
                .batchSize(batch)
                .weightDecay(Math.min(mostDecay, DECAY / rows));
    }
}
