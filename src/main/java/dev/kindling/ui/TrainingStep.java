package dev.kindling.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run has taken a step. Those of {@link dev.kindling.storage.HistoryRow}, and what the step cost.
 *
 * @param run its number
 * @param step from 1
 * @param loss mean cross-entropy of the step's rows in nats
 * @param accuracy 0 to 1
 * @param validationLoss NaN where the validation rows were not evaluated
 * @param validationAccuracy the same
 * @param learningRate of the step
 * @param rows how many rows it read
 * @param seconds since training began
 * @param gradientNorms of each layer
 * @param deadUnits of each hidden layer
 * @param gradientSeconds the time of the task that computed longest
 * @param sparkSeconds the rest of the Spark job
 * @param validationSeconds the evaluation of the validation rows
 * @param driverSeconds all else, from the end of the step before
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingStep(
        int run,
        int step,
        double loss,
        double accuracy,
        double validationLoss,
        double validationAccuracy,
        double learningRate,
        long rows,
        double seconds,
        List<Double> gradientNorms,
        List<Integer> deadUnits,
        double gradientSeconds,
        double sparkSeconds,
        double validationSeconds,
        double driverSeconds)
        implements SparkListenerEvent {

    /** The Euclidean norm of the whole gradient. */
    double gradientNorm() {
        return Math.sqrt(gradientNorms.stream().mapToDouble(norm -> norm * norm).sum());
    }

    /** The dead units of all hidden layers. */
    int allDeadUnits() {
        return deadUnits.stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether the validation rows were evaluated after the step: no getter, so no part of the JSON. */
    boolean hasValidation() {
        return !Double.isNaN(validationLoss);
    }
}
