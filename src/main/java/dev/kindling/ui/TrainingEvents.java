package dev.kindling.ui;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Blas;
import dev.kindling.training.PartitionCost;
import dev.kindling.training.Run;
import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.LiveListenerBus;

/**
 * Tells Spark's listener bus of runs that are trained side by side: who listens there, and whether anybody does, makes no
 * difference to training.
 */
public final class TrainingEvents implements StepListener, AutoCloseable {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final long STATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** A state goes to the event log when this share of the time so far has passed since the last one: about 100 a day. */
    private static final int LOGGED_PART = 20;

    /** Parameters of a larger network do not go to the event log: as text these take 12 MB. */
    private static final int MOST_LOGGED = 1_000_000;

    private final LiveListenerBus bus;
    private final Map<Run, Integer> running = new LinkedHashMap<>();
    private final Map<Integer, PartitionCost> partitions = new TreeMap<>();
    private final long begun = System.nanoTime();
    private long stated = begun - STATE_NANOS;
    private long logged = begun;

    /**
     * Says that runs begin.
     *
     * @param names the name of each run, for the page
     */
    public TrainingEvents(SparkContext context, Map<Run, String> names) {
        bus = context.listenerBus();
        names.forEach((run, name) -> {
            running.put(run, RUNS.incrementAndGet());
            bus.post(new TrainingStarted(
                    running.get(run),
                    name,
                    System.currentTimeMillis(),
                    run.recipe().layers().toString(),
                    run.recipe().settings(),
                    run.data().source(),
                    run.data().trainingRows(),
                    run.data().validationRows(),
                    run.data().fingerprint(),
                    Blas.description(),
                    run.steps(),
                    run.recipe().iterations()));
        });
    }

    @Override
    public void onStep(Step step) {
        TrainingRun.Cost cost = TrainingRun.Cost.of(step.cost());
        step.runs().forEach(run -> bus.post(new TrainingStep(running.get(run), run.last(), cost)));
        step.cost().partitions().forEach(each -> partitions.merge(each.partition(), each, PartitionCost::plus));
        long now = System.nanoTime();
        if (now - stated >= STATE_NANOS) {
            boolean isLogged = now - logged >= (now - begun) / LOGGED_PART;
            step.runs().forEach(run -> postState(run, isLogged));
            stated = now;
            logged = isLogged ? now : logged;
        }
    }

    /**
     * Trains one of these runs, and says so if its numbers go wrong.
     *
     * @param trainer whose listener passes the steps on to this
     * @param stop asked before each step
     * @throws KindlingException if training diverges, naming the step
     */
    public void train(Trainer trainer, Run run, BooleanSupplier stop) {
        trainer.train(List.of(run), stop, (diverged, why) -> {
            diverged(diverged, why);
            throw why;
        });
    }

    /** Says that a run has ended because its numbers went wrong. */
    public void diverged(Run run, RuntimeException why) {
        end(run, TrainingRun.DIVERGED, why.getMessage());
    }

    /** Ends all runs that have not ended yet. */
    @Override
    public void close() {
        for (Run run : List.copyOf(running.keySet())) {
            if (run.steps() == run.recipe().iterations()) {
                end(run, TrainingRun.FINISHED, "");
            } else if (run.hasConverged()) {
                end(run, TrainingRun.FINISHED, "converged: more steps would gain nothing");
            } else if (run.isOver()) {
                int patience = run.recipe().validation().patience();
                end(run, TrainingRun.STOPPED, "no smaller validation loss in " + patience + " evaluations");
            } else {
                end(run, TrainingRun.INTERRUPTED, "ended before its last step");
            }
        }
    }

    private void end(Run run, String status, String why) {
        postState(run, true);
        bus.post(new TrainingEnded(running.remove(run), status, why));
    }

    private void postState(Run run, boolean isLogged) {
        float[] parameters = run.parameters();
        if (isLogged && parameters.length > MOST_LOGGED) {
            bus.post(state(run, new float[0], true));
            bus.post(state(run, parameters, false));
        } else {
            bus.post(state(run, parameters, isLogged));
        }
    }

    private TrainingState state(Run run, float[] parameters, boolean isLogged) {
        return new TrainingState(
                running.get(run),
                run.steps(),
                parameters,
                run.deadUnits(),
                run.confusionStep(),
                run.confusion(),
                List.copyOf(partitions.values()),
                isLogged);
    }
}
