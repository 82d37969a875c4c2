package dev.kindling.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.kindling.storage.HistoryRow;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run has taken a step. As JSON it is one flat object: the components of its parts stand beside {@code run}, those of
 * the cost as {@code gradientSeconds} and so on.
 *
 * @param run its number
 * @param shown what the step showed
 * @param cost where its time went
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingStep(
        int run,
        // Jackson takes isValidated for a component.
        @JsonUnwrapped @JsonIgnoreProperties("validated") HistoryRow shown,
        @JsonUnwrapped(suffix = "Seconds") TrainingRun.Cost cost)
        implements SparkListenerEvent {

    /** The Euclidean norm of the whole gradient. */
    double gradientNorm() {
        return Math.sqrt(
                shown.gradientNorms().stream().mapToDouble(norm -> norm * norm).sum());
    }

    /** The dead units of all hidden layers. */
    int allDeadUnits() {
        return shown.deadUnits().stream().mapToInt(Integer::intValue).sum();
    }
}
