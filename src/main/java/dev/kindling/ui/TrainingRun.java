package dev.kindling.ui;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Model;
import dev.kindling.training.StepCost;
import dev.kindling.training.Thinned;
import java.util.List;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * All that the page shows of a run, as it is kept in Spark's store: in memory, or on the disk of a History Server as JSON.
 *
 * @param started what it is
 * @param steps of a long run not all ({@link Thinned}), in order
 * @param evaluations the steps that were followed by an evaluation of the validation rows, thinned likewise
 * @param recent the last few steps and their Spark jobs
 * @param cost of all steps so far, summed
 * @param state the last one heard of, or null
 * @param status one of the words below
 * @param why a sentence, if it did not go to its end; else empty
 */
public record TrainingRun(
        TrainingStarted started,
        List<TrainingStep> steps,
        List<TrainingStep> evaluations,
        List<StepJob> recent,
        Cost cost,
        TrainingState state,
        String status,
        String why) {

    static final String RUNNING = "running";
    static final String FINISHED = "finished";
    static final String STOPPED = "stopped early";
    static final String DIVERGED = "diverged";
    static final String INTERRUPTED = "interrupted";

    /** To digest more parameters at every refresh would take a good part of a core. */
    private static final int MOST_DIGESTED = 1_000_000;
    /** The time over which speed is measured, in seconds. */
    private static final double SPEED_SECONDS = 10;

    /**
     * A step and its Spark job.
     *
     * @param job its number; below 0 if it is not known
     */
    public record StepJob(TrainingStep step, int job) {}

    /**
     * Where the time of a step went, or of several together, in seconds.
     *
     * @param gradient of each step, the task that computed longest
     * @param waiting how much of that the tasks waited for it, in the mean
     * @param spark the rest of the exchange: the messages, and with a job for each step what Spark does for it
     * @param validation the evaluation of the validation rows after it
     * @param driver all else, from the end of the step before
     */
    public record Cost(double gradient, double waiting, double spark, double validation, double driver) {
        static final Cost NONE = new Cost(0, 0, 0, 0, 0);

        static Cost of(StepCost step) {
            return new Cost(
                    step.gradientSeconds(),
                    step.waitingSeconds(),
                    step.messageSeconds(),
                    step.validationSeconds(),
                    step.driverSeconds());
        }

        Cost plus(Cost other) {
            return new Cost(
                    gradient + other.gradient,
                    waiting + other.waiting,
                    spark + other.spark,
                    validation + other.validation,
                    driver + other.driver);
        }
    }

    /** Its number, by which the store finds it. */
    @KVIndex
    public int id() {
        return started.run();
    }

    /** What the last step showed, or null before the first. */
    HistoryRow last() {
        return steps.isEmpty() ? null : steps.get(steps.size() - 1).shown();
    }

    boolean isRunning() {
        return status.equals(RUNNING);
    }

    /** The steps taken. */
    int step() {
        return steps.isEmpty() ? started.firstStep() : last().step();
    }

    /** The network, or nothing if the event log has no valid one. */
    Optional<Architecture> architecture() {
        try {
            return Optional.of(Architecture.parse(started.layers()));
        } catch (KindlingException e) {
            return Optional.empty();
        }
    }

    /** Whether there are parameters, and as many as the network needs. An event log may hold anything. */
    boolean hasParameters() {
        return state != null
                && architecture()
                        .filter(network -> network.parameters() == state.parameters().length)
                        .isPresent();
    }

    /** The SHA-256 of the parameters, if there are any, of a large network when the run has ended. */
    Optional<String> digest() {
        return Optional.ofNullable(state)
                .map(TrainingState::parameters)
                .filter(parameters -> parameters.length > 0 && (parameters.length <= MOST_DIGESTED || !isRunning()))
                .map(Model::digest);
    }

    /** How many steps a second it took lately; NaN before the second. */
    double stepsPerSecond() {
        if (steps.size() < 2) {
            return Double.NaN;
        }
        HistoryRow from = steps.get(0).shown();
        for (TrainingStep step : steps.subList(0, steps.size() - 1)) {
            if (last().seconds() - step.shown().seconds() >= SPEED_SECONDS) {
                from = step.shown();
            }
        }
        return (last().step() - from.step()) / (last().seconds() - from.seconds());
    }

    /** How many rows a second it read lately; NaN before the second step. */
    double rowsPerSecond() {
        return steps.isEmpty() ? Double.NaN : stepsPerSecond() * last().rows();
    }

    /** The seconds left if it goes on as lately; NaN before the second step. */
    double secondsLeft() {
        return (started.steps() - step()) / stepsPerSecond();
    }
}
