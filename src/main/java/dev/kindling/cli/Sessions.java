package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.training.JobProperties;
import dev.kindling.ui.TrainingPlugin;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Opens the Spark session that a command runs in. */
final class Sessions {
    private static final String PLUGINS = "spark.plugins";
    /** What submit.sh found to be a terminal: stderr, or both stdout and stderr. */
    private static final String TERMINAL = "KINDLING_TERMINAL";

    private Sessions() {}

    /** What a command does once Spark is there. */
    @FunctionalInterface
    interface Work {
        /**
         * Does all of it.
         *
         * @return the exit code
         */
        int run(SparkSession spark) throws Exception;
    }

    /**
     * Runs a command that trains, with the Training tab in the Spark UI and the metrics of training.
     *
     * @return the exit code of the work
     */
    static int train(String command, Work work) throws Exception {
        SparkConf conf = new SparkConf();
        String others = conf.get(PLUGINS, "");
        conf.set(PLUGINS, (others.isEmpty() ? "" : others + ",") + TrainingPlugin.class.getName());
        return run(command, conf, work);
    }

    /**
     * Runs a command in a Spark session of its own, whose master is spark-submit's business, or as a guest in one that is open
     * already, which is left as it is.
     *
     * @return the exit code of the work
     * @throws KindlingException if Spark does not start, is ended by the cluster, or has no executor for longer than
     *     {@link ExecutorWatch#TIMEOUT}
     */
    static int run(String command, Work work) throws Exception {
        return run(command, new SparkConf(), work);
    }

    private static int run(String command, SparkConf conf, Work work) throws Exception {
        Option<? extends SparkSession> host = org.apache.spark.sql.classic.SparkSession.getDefaultSession();
        if (host.isDefined()) {
            conf.set("spark.master", host.get().sparkContext().master());
        }
        ExecutorWatch watch = ExecutorWatch.start(conf);
        try {
            if (host.isDefined()) {
                JobProperties callers = JobProperties.of(host.get().sparkContext());
                try {
                    return work(host.get(), watch, work);
                } finally {
                    callers.set();
                }
            }
            try (SparkSession spark = open(command, conf)) {
                Interruption.silence(spark.sparkContext());
                try {
                    return work(spark, watch, work);
                } finally {
                    Interruption.silenceTraces();
                }
            }
        } catch (Exception | OutOfMemoryError e) {
            throw watch.cause(e);
        }
    }

    private static SparkSession open(String command, SparkConf conf) {
        if (isLocal(conf)) {
            // Tasks find all classes where the driver has them. Spark would make copies of the jars: 0.4 s.
            conf.set("spark.jars", "");
        }
        // An OutOfMemoryError in a task fails the task, and the job says so. Spark would end the whole process, which
        // on a
        // local master is this one. With 0 it looks for no such errors.
        conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
        try {
            // SparkSession.builder() would first load what Scala needs for reflection, to choose this one: 0.6 s.
            return org.apache.spark.sql.classic.SparkSession.builder()
                    .config(conf)
                    .appName("kindling " + command)
                    // Each step broadcasts its task, and for that Spark allocates a whole block, by default of 4 MB.
                    // That was 0.3 ms of a step of 4.8 (1,024 rows, local[2], warm).
                    .config("spark.broadcast.blockSize", conf.get("spark.broadcast.blockSize", "256k"))
                    .getOrCreate();
        } catch (IllegalStateException e) { // if a context was stopped before it was ready
            throw ended(conf.get("spark.master"), e);
        }
    }

    private static int work(SparkSession spark, ExecutorWatch watch, Work work) throws Exception {
        try (watch) {
            watch.opened(spark.sparkContext());
            return work.run(spark);
        } catch (Exception e) {
            if (Memory.ranOut(e)) {
                throw Memory.explain(e, spark.sparkContext().isLocal());
            }
            throw spark.sparkContext().isStopped() ? ended(spark.sparkContext().master(), e) : e;
        }
    }

    /** Spark says why in its log only. */
    private static KindlingException ended(String master, Exception error) {
        return new KindlingException(
                master
                        + ": Spark did not start there, or was stopped from there: check that the master is up and can be reached from "
                        + "here, and read its log and the lines above",
                error);
    }

    /** Whether driver and tasks are one process. */
    static boolean isLocal(SparkConf conf) {
        String master = conf.get("spark.master", "");
        return master.equals("local") || master.startsWith("local[");
    }

    /** Whether stdout and stderr are a terminal: Java cannot tell on every version, so submit.sh does. */
    static boolean isTerminal() {
        return "both".equals(System.getenv(TERMINAL));
    }

    /** Says what takes some seconds now, on stderr, if that is a terminal, and if there is no {@code --quiet}. */
    static void announce(String what) {
        if (System.getenv(TERMINAL) != null) {
            System.err.println(what + " ...");
        }
    }
}
