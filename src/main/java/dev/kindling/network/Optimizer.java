package dev.kindling.network;

import java.util.List;

/** Moves the parameters against the gradient. Holds the state that this takes: one optimiser for one training run. */
public interface Optimizer {
    /**
     * Takes one step.
     *
     * @param parameters the flat array, changed in place
     * @param gradient the mean gradient, same layout; may be overwritten
     * @param learningRate positive
     */
    void step(float[] parameters, double[] gradient, double learningRate);

    /**
     * The arrays that it keeps from step to step, not copies: they are saved in a checkpoint, and filled when a run is
     * resumed.
     */
    List<double[]> state();
}
