package dev.kindling.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.kindling.training.PartitionCost;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * The state of a run: what is too large for an event at every step.
 *
 * @param run its number
 * @param step the steps taken
 * @param parameters the flat array, laid out as {@link dev.kindling.network.Architecture} says; not to be changed. None
 *     where they are too many for the event log
 * @param deadUnits the hidden units that are dead, counted layer after layer from 0
 * @param confusionStep after which step the validation rows were last evaluated; 0 for not yet
 * @param confusion shape (classes, classes): of those rows, how many of each class were predicted as which; empty where
 *     they were not evaluated or have too many classes
 * @param partitions the rows that each partition has gone through since training began, and in how many seconds
 * @param logEvent whether it goes to the event log; this is what Spark asks
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingState(
        int run,
        int step,
        float[] parameters,
        List<Integer> deadUnits,
        int confusionStep,
        long[][] confusion,
        List<PartitionCost> partitions,
        boolean logEvent)
        implements SparkListenerEvent {}
