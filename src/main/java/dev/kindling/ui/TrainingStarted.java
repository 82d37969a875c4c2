package dev.kindling.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run begins. Written to Spark's event log as JSON, as are the other events of this package.
 *
 * @param run its number, one of its own for each run of an application
 * @param name what a person calls it: where the model goes, or what differs from the other candidates
 * @param time in milliseconds since 1970
 * @param layers as {@link dev.kindling.network.Architecture} writes them
 * @param recipe every setting under the name of its option
 * @param data where the rows come from
 * @param trainingRows the rows trained on
 * @param validationRows the rows held out
 * @param fingerprint of all rows
 * @param blas what multiplies dense matrices
 * @param firstStep the steps taken already, by a run that is resumed
 * @param steps of the whole run
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingStarted(
        int run,
        String name,
        long time,
        String layers,
        Map<String, String> recipe,
        String data,
        long trainingRows,
        long validationRows,
        String fingerprint,
        String blas,
        int firstStep,
        int steps)
        implements SparkListenerEvent {}
