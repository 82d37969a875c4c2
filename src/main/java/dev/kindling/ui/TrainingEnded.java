package dev.kindling.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run has ended.
 *
 * @param run its number
 * @param status how: {@link TrainingRun} has the words
 * @param why a sentence, if it did not go to its end; else empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingEnded(int run, String status, String why) implements SparkListenerEvent {}
