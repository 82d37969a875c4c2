package dev.kindling.network;

import java.util.List;

/** Plain gradient descent: p = p - rate g. */
public final class GradientDescent implements Optimizer {
    @Override
    public void step(float[] parameters, double[] gradient, double loss, double learningRate) {
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = (float) (parameters[k] - learningRate * gradient[k]);
        }
    }

    @Override
    public List<double[]> state() {
        return List.of();
    }
}
