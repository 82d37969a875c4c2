package dev.kindling.network;

import java.util.List;

/** Moves the parameters against the gradient. Holds whatever state that takes; one optimiser for one training run. */
public interface Optimizer {
    /**
     * Takes one step.
     *
     * @param parameters the flat array, changed in place
     * @param gradient the mean gradient, same layout
     * @param learningRate positive
     */
    void step(float[] parameters, double[] gradient, double learningRate);

    /** All that it keeps from step to step: the arrays themselves, to be saved, and to be written to when a run goes on. */
    List<double[]> state();
}
