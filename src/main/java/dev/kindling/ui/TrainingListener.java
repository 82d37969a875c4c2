package dev.kindling.ui;

import dev.kindling.training.Thinned;
import dev.kindling.training.Trainer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.status.ElementTrackingStore;
import scala.runtime.BoxedUnit;

/**
 * Makes runs of the events of training, and keeps them in Spark's store, in bounded memory: a run has up to {@value
 * #MOST_STEPS} steps and as many evaluations, {@link Thinned}, and one state, and there are at most {@value #MOST_RUNS} runs.
 */
final class TrainingListener extends SparkListener {
    static final int MOST_RUNS = 100;
    static final int MOST_STEPS = 400;

    private static final int RECENT_STEPS = 10;

    private final ElementTrackingStore store;
    private final long writeNanos;
    private final Map<Integer, Building> runs = new LinkedHashMap<>();
    /** The last Spark job of a step. */
    private int job = -1;

    /** A run as it grows. */
    private static final class Building {
        final TrainingStarted started;
        final Thinned<TrainingStep> steps = new Thinned<>(MOST_STEPS);
        final Thinned<TrainingStep> evaluations = new Thinned<>(MOST_STEPS);
        final Deque<TrainingRun.StepJob> recent = new ArrayDeque<>();
        TrainingRun.Cost cost = TrainingRun.Cost.NONE;
        TrainingStep last;
        TrainingState state;
        String status = TrainingRun.RUNNING;
        String why = "";
        long written = System.nanoTime();

        Building(TrainingStarted started) {
            this.started = started;
        }

        TrainingRun run() {
            return new TrainingRun(
                    started, steps.elements(), evaluations.elements(), List.copyOf(recent), cost, state, status, why);
        }
    }

    /**
     * @param store where the runs go
     * @param writeMillis how long a step may take to get there; what begins and ends gets there at once
     */
    TrainingListener(ElementTrackingStore store, long writeMillis) {
        this.store = store;
        this.writeNanos = TimeUnit.MILLISECONDS.toNanos(writeMillis);
        store.onFlush(() -> {
            writeAll();
            return BoxedUnit.UNIT;
        });
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        if (start.properties() != null && start.properties().getProperty(Trainer.STEP) != null) {
            job = start.jobId();
        }
    }

    @Override
    public synchronized void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof TrainingStarted started) {
            begin(started);
        } else if (event instanceof TrainingStep step && runs.containsKey(step.run())) {
            add(runs.get(step.run()), step);
        } else if (event instanceof TrainingState state && runs.containsKey(state.run())) {
            runs.get(state.run()).state = state;
        } else if (event instanceof TrainingEnded ended && runs.containsKey(ended.run())) {
            end(runs.get(ended.run()), ended.status(), ended.why());
        }
    }

    @Override
    public synchronized void onApplicationEnd(SparkListenerApplicationEnd end) {
        runs.values().stream()
                .filter(run -> run.status.equals(TrainingRun.RUNNING))
                .forEach(run -> end(run, TrainingRun.INTERRUPTED, "the application ended first"));
    }

    private void begin(TrainingStarted started) {
        if (runs.size() == MOST_RUNS) {
            int oldest = runs.keySet().iterator().next();
            runs.remove(oldest);
            store.delete(TrainingRun.class, oldest);
        }
        runs.put(started.run(), new Building(started));
        write(runs.get(started.run()));
    }

    private void add(Building run, TrainingStep step) {
        run.last = step;
        run.steps.add(step);
        if (step.shown().isValidated()) {
            run.evaluations.add(step);
        }
        run.recent.addFirst(new TrainingRun.StepJob(step, job));
        if (run.recent.size() > RECENT_STEPS) {
            run.recent.removeLast();
        }
        run.cost = run.cost.plus(step.cost());
        if (System.nanoTime() - run.written >= writeNanos) {
            write(run);
        }
    }

    private void end(Building run, String status, String why) {
        run.status = status;
        run.why = why;
        write(run);
    }

    private void write(Building run) {
        run.written = System.nanoTime();
        store.write(run.run());
    }

    private synchronized void writeAll() {
        runs.values().forEach(this::write);
    }

    /** The last step of the run with the smallest loss of those that run, else of all. */
    synchronized Optional<TrainingStep> best() {
        return runs.values().stream()
                .filter(run -> run.last != null)
                .min(Comparator.<Building, Boolean>comparing(run -> !run.status.equals(TrainingRun.RUNNING))
                        .thenComparing(run -> run.last.shown().loss()))
                .map(run -> run.last);
    }

    /** How many rows a second a run read lately; NaN before its second step. */
    synchronized double rowsPerSecond(int run) {
        return runs.get(run).run().rowsPerSecond();
    }
}
