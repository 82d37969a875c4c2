package dev.kindling.training;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import scala.jdk.javaapi.CollectionConverters;

/** The rounds, and the jobs of one step, that begin while it is open. */
final class StepJobs extends SparkListener implements AutoCloseable {
    private final SparkContext context;
    private final List<String> rounds = new CopyOnWriteArrayList<>();
    private final List<String> jobs = new CopyOnWriteArrayList<>();

    StepJobs(SparkContext context) {
        this.context = context;
        context.addSparkListener(this);
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        if (job.properties().get(Trainer.STEP) != null) {
            boolean isRound = CollectionConverters.asJava(job.stageInfos()).stream()
                    .flatMap(stage -> CollectionConverters.asJava(stage.rddInfos()).stream())
                    .anyMatch(rdd -> rdd.isBarrier());
            (isRound ? rounds : jobs).add(String.valueOf(job.properties().get("spark.job.description")));
        }
    }

    /** The descriptions of the rounds. */
    List<String> rounds() {
        awaitListeners(context);
        return rounds;
    }

    /** The descriptions of the jobs of one step. */
    List<String> jobs() {
        awaitListeners(context);
        return jobs;
    }

    /** Waits until all listeners have heard of all that has happened. */
    static void awaitListeners(SparkContext context) {
        try {
            context.listenerBus().waitUntilEmpty();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
    }
}
