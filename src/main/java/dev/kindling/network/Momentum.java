package dev.kindling.network;

import java.util.List;

/**
 * Nesterov momentum: v = m v + g, p = p - rate (g + m v).
 *
 * <p>This is the form of Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep
 * learning, 2013, written for the look-ahead point, where the gradient is taken.
 */
public final class Momentum implements Optimizer {
    private final double momentum;
    private final double[] velocity;

    /**
     * @param parameters the length of the flat array
     * @param momentum m, from 0 to below 1
     */
    public Momentum(int parameters, double momentum) {
        this.momentum = momentum;
        this.velocity = new double[parameters];
    }

    @Override
    public void step(float[] parameters, double[] gradient, double loss, double learningRate) {
        for (int k = 0; k < parameters.length; k++) {
            velocity[k] = momentum * velocity[k] + gradient[k];
            parameters[k] = (float) (parameters[k] - learningRate * (gradient[k] + momentum * velocity[k]));
        }
    }

    @Override
    public List<double[]> state() {
        return List.of(velocity);
    }
}
