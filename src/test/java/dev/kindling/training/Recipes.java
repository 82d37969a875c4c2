package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;

/** Recipes for tests. */
public final class Recipes {
    private Recipes() {}

    /** conf/classic.properties with seed 1. */
    public static Recipe classic(Architecture layers, int iterations) {
        return Recipe.builder()
                .layers(layers)
                .inputs(Recipe.Inputs.RAW)
                .initialisation(Initialisation.UNIFORM)
                .optimizer(Recipe.OptimizerKind.GD)
                .learningRate(0.25)
                .schedule(Schedule.CONSTANT)
                .warmup(0)
                .iterations(iterations)
                .batchSize(Recipe.FULL_BATCH)
                .beta1(0.9)
                .weightDecay(0)
                .seed(1)
                .build();
    }

    /** Mini-batches of one block, with the optimiser asked for; of one that needs them, all rows. */
    public static Recipe miniBatch(Architecture layers, Recipe.OptimizerKind optimizer, int iterations) {
        return Recipe.builder()
                .layers(layers)
                .optimizer(optimizer)
                .learningRate(0.01)
                .warmup(2)
                .iterations(iterations)
                .batchSize(optimizer == Recipe.OptimizerKind.LBFGS ? Recipe.FULL_BATCH : 256)
                .beta1(0.9)
                .weightDecay(0.1)
                .seed(7)
                .build();
    }

    /** The same but for the optimiser, its rate, and validation. */
    public static Recipe with(
            Recipe recipe, Recipe.OptimizerKind optimizer, double learningRate, Recipe.Validation validation) {
        return recipe.toBuilder()
                .optimizer(optimizer)
                .learningRate(learningRate)
                .validationFraction(validation.validationFraction())
                .validateEvery(validation.validateEvery())
                .patience(validation.patience())
                .build();
    }
}
