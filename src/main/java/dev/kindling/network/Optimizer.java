package dev.kindling.network;

import java.util.List;

/** Moves the parameters against the gradient. Holds the state that this takes: one optimiser for one training run. */
public interface Optimizer {
    /**
     * Takes one step.
     *
     * @param parameters the flat array, changed in place
     * @param gradient the mean gradient, same layout; may be overwritten
     * @param loss the mean loss, under the same parameters as the gradient
     * @param learningRate positive
     */
    void step(float[] parameters, double[] gradient, double loss, double learningRate);

    /** Whether more steps would gain nothing that counts. */
    default boolean hasConverged() {
        return false;
    }

    /**
     * What training ends with, if it ends now.
     *
     * @param parameters the flat array
     * @return those, or others of the same layout that are better
     */
    default float[] result(float[] parameters) {
        return parameters;
    }

    /**
     * The arrays that it keeps from step to step, not copies: they are saved in a checkpoint, and filled when a run is
     * resumed.
     */
    List<double[]> state();
}
