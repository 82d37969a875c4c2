package dev.kindling.training;

import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;

/** Recipes for tests. */
final class Recipes {
    private Recipes() {}

    /** conf/classic.properties with seed 1. */
    static Recipe classic(Architecture layers, int iterations) {
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
                1);
    }

    /** Mini-batches of one block, with the optimiser asked for. */
    static Recipe miniBatch(Architecture layers, Recipe.OptimizerKind optimizer, int iterations) {
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
                7);
    }
}
