package dev.kindling.network;

import java.util.Random;

/** How the parameters start. Seeded: java.util.Random's sequence is the same on every JVM. */
public enum Initialisation {
    /** Weights and biases uniform from -1 to 1. */
    UNIFORM,
    /**
     * Weights normal with variance 2 / inputs, biases zero: keeps the size of activations from layer to layer under ReLU
     * (He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015).
     */
    HE;

    /** A new flat array of parameters, laid out as {@link Architecture} says. */
    public float[] draw(Architecture architecture, long seed) {
        Random random = new Random(Seeds.mix(seed, architecture.parameters()));
        float[] parameters = new float[architecture.parameters()];
        for (int l = 0; l < architecture.layers(); l++) {
            int biases = architecture.biases(l);
            int end = architecture.weights(l + 1);
            for (int k = architecture.weights(l); k < end; k++) {
                parameters[k] = switch (this) {
                    case UNIFORM -> 2 * random.nextFloat() - 1;
                    case HE -> k < biases ? he(random, architecture.inputs(l)) : 0f;
                };
            }
        }
        return parameters;
    }

    static float he(Random random, int inputs) {
        return (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
    }
}
