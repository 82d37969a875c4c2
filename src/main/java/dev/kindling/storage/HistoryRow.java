package dev.kindling.storage;

import java.util.List;

/**
 * The numbers of one step, and those of the evaluation of the validation rows if one followed it.
 *
 * @param step from 1
 * @param loss mean cross-entropy of the step's rows in nats, under the parameters the step began with
 * @param accuracy the share of the step's rows that those parameters predict right, 0 to 1
 * @param validationLoss the same over the validation rows, under the parameters after the step; NaN where they were not
 *     evaluated
 * @param validationAccuracy the same
 * @param learningRate of the step
 * @param rows how many rows the step read
 * @param seconds since training began, without the time between an interruption and the resumed run
 * @param gradientNorms for each layer, the Euclidean norm of the mean gradient of its weights and biases
 * @param deadUnits for each hidden layer, how many units have been zero on as many rows in succession as the training set
 *     has, or more
 */
public record HistoryRow(
        int step,
        double loss,
        double accuracy,
        double validationLoss,
        double validationAccuracy,
        double learningRate,
        long rows,
        double seconds,
        List<Double> gradientNorms,
        List<Integer> deadUnits) {

    /** Whether the validation rows were evaluated after the step. */
    public boolean isValidated() {
        return !Double.isNaN(validationLoss);
    }

    /** The same with an evaluation of the validation rows. */
    public HistoryRow validated(double loss, double accuracy) {
        return new HistoryRow(
                step, this.loss, this.accuracy, loss, accuracy, learningRate, rows, seconds, gradientNorms, deadUnits);
    }
}
