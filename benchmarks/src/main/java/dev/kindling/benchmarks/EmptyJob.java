package dev.kindling.benchmarks;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;

/** A Spark job over the partitions of an RDD that does nothing: what any job costs. */
final class EmptyJob<T> extends AbstractFunction2<TaskContext, Iterator<T>, Integer> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(TaskContext task, Iterator<T> rows) {
        return 0;
    }

    static <T> void run(RDD<T> rdd) {
        rdd.context().runJob(rdd, new EmptyJob<>(), ClassTag.apply(Integer.class));
    }

    /** Seconds of a job, the median of several, one after the other. */
    static <T> double seconds(RDD<T> rdd, int jobs) {
        return seconds(rdd, jobs, () -> {});
    }

    /** The same, with something else before each. */
    static <T> double seconds(RDD<T> rdd, int jobs, Runnable before) {
        double[] seconds = new double[jobs];
        for (int job = 0; job < jobs; job++) {
            before.run();
            long start = System.nanoTime();
            run(rdd);
            seconds[job] = (System.nanoTime() - start) / 1e9;
        }
        return Alternation.median(seconds);
    }
}
