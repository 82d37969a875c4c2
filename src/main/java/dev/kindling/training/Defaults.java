package dev.kindling.training;

import java.util.List;

/** The settings that suit a data set, by its size alone. */
public final class Defaults {
    private Defaults() {}

    /** The units of each hidden layer. */
    public static List<Integer> hiddenLayers(long rows, int inputs, int outputs) {
        return List.of(64);
    }

    /** All other settings. */
    public static RecipeBuilder recipe(long rows, int inputs, int outputs) {
        return Recipe.builder()
                .optimizer(Recipe.OptimizerKind.ADAM)
                .learningRate(0.003)
                .iterations(1_000)
                .batchSize(256);
    }
}
