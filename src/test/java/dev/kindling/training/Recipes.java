package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;

/** Recipes for tests. */
public final class Recipes {
    private Recipes() {}

    /** conf/classic.properties with seed 1. */
    public static Recipe classic(Architecture layers, int iterations) {
        return new Recipe(
                layers,
                Recipe.Inputs.RAW,
                Initialisation.UNIFORM,
                Recipe.OptimizerKind.GD,
                0.25,
                Schedule.CONSTANT,
                0,
                iterations,
                0,
                0.9,
                0.9,
                0.99,
                0,
                1,
                Recipe.Validation.NONE,
                1);
    }

    /** Mini-batches of one block, with the optimiser asked for. */
    public static Recipe miniBatch(Architecture layers, Recipe.OptimizerKind optimizer, int iterations) {
        return new Recipe(
                layers,
                Recipe.Inputs.CENTRED,
                Initialisation.HE,
                optimizer,
                0.01,
                Schedule.COSINE,
                2,
                iterations,
                256,
                0.9,
                0.9,
                0.99,
                0.1,
                1,
                Recipe.Validation.NONE,
                7);
    }

    /** The same but for the optimiser, its rate, and validation. */
    public static Recipe with(
            Recipe r, Recipe.OptimizerKind optimizer, double learningRate, Recipe.Validation validation) {
        return new Recipe(
                r.layers(),
                r.inputs(),
                r.initialisation(),
                optimizer,
                learningRate,
                r.schedule(),
                r.warmup(),
                r.iterations(),
                r.batchSize(),
                r.momentum(),
                r.beta1(),
                r.beta2(),
                r.weightDecay(),
                r.repeat(),
                validation,
                r.seed());
    }
}
