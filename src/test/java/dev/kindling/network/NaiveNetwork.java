package dev.kindling.network;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The naive twin of {@link Network}: one row at a time, in double precision, written straight from the equations and
 * sharing no code with it.
 */
final class NaiveNetwork {
    private final int[] sizes;

    NaiveNetwork(int... sizes) {
        this.sizes = sizes;
    }

    /** Shape (outputs): the last layer's sums. */
    double[] sums(double[] parameters, float[] row) {
        double[] a = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            a[i] = row[i];
        }
        int offset = 0;
        for (int l = 0; l + 1 < sizes.length; l++) {
            double[] z = new double[sizes[l + 1]];
            for (int u = 0; u < z.length; u++) {
                z[u] = parameters[offset + sizes[l] * z.length + u];
                for (int i = 0; i < sizes[l]; i++) {
                    z[u] += a[i] * parameters[offset + i * z.length + u];
                }
                if (l + 2 < sizes.length) {
                    z[u] = Math.max(z[u], 0);
                }
            }
            offset += (sizes[l] + 1) * sizes[l + 1];
            a = z;
        }
        return a;
    }

    /** Shape (classes): softmax of the last layer's sums. */
    double[] predict(double[] parameters, float[] row) {
        double[] a = sums(parameters, row);
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            a[c] = Math.exp(a[c]);
            sum += a[c];
        }
        for (int c = 0; c < a.length; c++) {
            a[c] /= sum;
        }
        return a;
    }

    /** Summed cross-entropy. */
    double loss(double[] parameters, float[][] rows, int[] labels) {
        float[] ones = new float[rows.length];
        Arrays.fill(ones, 1f);
        return loss(parameters, rows, labels, ones);
    }

    /** Summed cross-entropy, of each row times its weight. */
    double loss(double[] parameters, float[][] rows, int[] labels, float[] weights) {
        double loss = 0;
        for (int r = 0; r < rows.length; r++) {
            loss -= weights[r] * Math.log(predict(parameters, rows[r])[labels[r]]);
        }
        return loss;
    }

    /** Half of the summed squared error, of each row times its weight. */
    double squaredError(double[] parameters, float[][] rows, float[][] targets, float[] weights) {
        double loss = 0;
        for (int r = 0; r < rows.length; r++) {
            double[] z = sums(parameters, rows[r]);
            for (int k = 0; k < z.length; k++) {
                loss += weights[r] * Math.pow(z[k] - targets[r][k], 2) / 2;
            }
        }
        return loss;
    }

    /** The gradient of the summed cross-entropy. */
    double[] gradient(double[] parameters, float[][] rows, int[] labels) {
        return gradient(parameters, changed -> loss(changed, rows, labels));
    }

    /** Central differences of a loss, one parameter at a time. */
    static double[] gradient(double[] parameters, ToDoubleFunction<double[]> loss) {
        double h = 1e-6;
        double[] gradient = new double[parameters.length];
        for (int k = 0; k < parameters.length; k++) {
            double start = parameters[k];
            parameters[k] = start + h;
            double above = loss.applyAsDouble(parameters);
            parameters[k] = start - h;
            double below = loss.applyAsDouble(parameters);
            parameters[k] = start;
            gradient[k] = (above - below) / (2 * h);
        }
        return gradient;
    }
}
