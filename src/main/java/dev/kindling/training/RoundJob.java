package dev.kindling.training;

import java.io.Serializable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.rdd.RDD;
import scala.Option;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The Spark job of a round, which runs beside the driver. Its tasks are a barrier stage, so that they hold no cores until there
 * are enough for all of them; with dynamic allocation, for which Spark refuses those, they are a plain one.
 */
final class RoundJob {
    /** How long Spark may take to end a job that was told to. */
    private static final long MOST_END_SECONDS = 1;

    private static final String CANCELLED = "SPARK_JOB_CANCELLED";
    private static final String GIVEN_UP = "the round was given up";
    private static final ClassTag<Object> NOTHING = ClassTag.apply(Object.class);

    private final FutureAction<?> job;

    /**
     * Submits it.
     *
     * @param shares a partition for each task
     * @param task what each does
     * @param description of the job in the Spark UI
     * @param isOfSteps whether it takes steps
     * @param whenEnded what to do when it ends, however that is
     */
    RoundJob(RDD<int[][]> shares, RoundTask task, String description, boolean isOfSteps, Runnable whenEnded) {
        SparkContext context = shares.context();
        JobProperties callers = JobProperties.of(context);
        new JobProperties(context, description, isOfSteps ? "true" : null).set();
        try {
            job = submit(context, shares, task);
        } finally {
            callers.set();
        }
        FutureConverters.asJava(job).whenComplete((nothing, error) -> whenEnded.run());
    }

    private static FutureAction<?> submit(SparkContext context, RDD<int[][]> shares, RoundTask task) {
        boolean mayComeAndGo = context.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
        RDD<Object> tasks = mayComeAndGo
                ? shares.mapPartitions(task, false, NOTHING)
                : shares.barrier().mapPartitions(task, false, NOTHING);
        return context.submitJob(
                tasks,
                new Emptying(),
                CollectionConverters.<Object>asScala(IntStream.range(0, tasks.getNumPartitions())
                                .<Object>mapToObj(partition -> partition)
                                .toList())
                        .toSeq(),
                new Ignoring(),
                new Nothing());
    }

    /** Has Spark end it at once, and waits until it has. */
    void end() {
        job.cancel(Option.apply(GIVEN_UP));
        await();
    }

    /** Waits until it has ended, but not for long. */
    void await() {
        try {
            FutureConverters.asJava(job).toCompletableFuture().get(MOST_END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It has failed, which was seen to already, or waits for cores and will end as soon as it has them.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A user who cancels the job of a round, or its group, means the training. */
    void requireNotCancelled() {
        if (job.isCompleted() && job.value().get().isFailure()) {
            Throwable why = job.value().get().failed().get();
            boolean isCancelled = why instanceof SparkThrowable error && CANCELLED.equals(error.getCondition());
            if (isCancelled && !why.getMessage().contains(GIVEN_UP)) {
                throw RoundJob.<RuntimeException>undeclared(why);
            }
        }
    }

    /** As from Spark's own jobs: Scala declares no exceptions, so an interrupt may come from anywhere. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> E undeclared(Throwable exception) throws E {
        throw (E) exception;
    }

    /** What is done with the elements of a task that gives none. */
    private static final class Emptying extends AbstractFunction1<Iterator<Object>, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object apply(Iterator<Object> elements) {
            return elements.isEmpty();
        }
    }

    /** What is done with what a task gives. */
    private static final class Ignoring extends AbstractFunction2<Object, Object, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object partition, Object nothing) {
            return BoxedUnit.UNIT;
        }
    }

    /** What the job gives. */
    private static final class Nothing extends AbstractFunction0<Object> {
        @Override
        public Object apply() {
            return BoxedUnit.UNIT;
        }
    }
}
