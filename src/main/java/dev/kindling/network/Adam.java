package dev.kindling.network;

import java.util.List;

/**
 * Adam: m and v are running means of the gradient and of its square, both corrected for their start at zero, and
 * p = p - rate m / (sqrt(v) + {@value #EPSILON}) (Kingma and Ba, Adam: a method for stochastic optimization, 2015).
 */
public final class Adam implements Optimizer {
    private static final double EPSILON = 1e-8;

    private final double beta1;
    private final double beta2;
    private final double[] mean;
    private final double[] square;
    /** Shape (2): beta1 and beta2, each to the power of the steps taken. */
    private final double[] powers = {1, 1};

    /**
     * @param parameters the length of the flat array
     * @param beta1 the share of the mean that stays from step to step, from 0 to below 1
     * @param beta2 the same for the square
     */
    public Adam(int parameters, double beta1, double beta2) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.mean = new double[parameters];
        this.square = new double[parameters];
    }

    @Override
    public void step(float[] parameters, double[] gradient, double loss, double learningRate) {
        powers[0] *= beta1;
        powers[1] *= beta2;
        addTo(mean, beta1, gradient);
        addSquareTo(square, beta2, gradient);
        double[] update = gradient; // which is no longer needed
        update(update, mean, square, learningRate);
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = (float) (parameters[k] - update[k]);
        }
    }

    // Loops of one type of number and of nothing else are compiled to vectors: a step of 8,000 parameters takes a
    // third.

    private static void addTo(double[] mean, double beta1, double[] gradient) {
        for (int k = 0; k < gradient.length; k++) {
            mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
        }
    }

    private static void addSquareTo(double[] square, double beta2, double[] gradient) {
        for (int k = 0; k < gradient.length; k++) {
            square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
        }
    }

    private void update(double[] update, double[] m, double[] v, double learningRate) {
        double meanShare = 1 - powers[0];
        double squareShare = 1 - powers[1];
        for (int k = 0; k < update.length; k++) {
            update[k] = learningRate * (m[k] / meanShare) / (Math.sqrt(v[k] / squareShare) + EPSILON);
        }
    }

    @Override
    public List<double[]> state() {
        return List.of(mean, square, powers);
    }
}
