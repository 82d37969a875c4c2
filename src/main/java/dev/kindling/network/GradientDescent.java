package dev.kindling.network;

/** Plain gradient descent: p = p - rate g. */
public final class GradientDescent implements Optimizer {
    @Override
    public void step(float[] parameters, double[] gradient, double learningRate) {
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = (float) (parameters[k] - learningRate * gradient[k]);
        }
    }
}
