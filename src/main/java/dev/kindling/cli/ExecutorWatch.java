package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Ends a command that waits for an executor longer than {@value #TIMEOUT}. Spark itself would wait for ever when no
 * worker has room, when none can start an executor, when all were lost, or when the cluster manager does not answer.
 *
 * <p>The command's thread is interrupted, which ends its wait for the Spark job or session.
 */
final class ExecutorWatch extends TimerTask implements AutoCloseable {
    /** A time as Spark reads it, such as 90s or 10min. */
    static final String TIMEOUT = "spark.kindling.executorTimeout";

    private static final String DEFAULT_TIMEOUT = "5min";
    private static final long LOOK_MILLIS = 1_000;

    private final Thread command = Thread.currentThread();
    private final Timer clock = new Timer("executor watch", true);
    private final String master;
    private final long timeoutSeconds;
    private volatile SparkContext context;
    private boolean expired;
    private boolean closed;
    private volatile long since = System.nanoTime();

    private ExecutorWatch(String master, long timeoutSeconds) {
        this.master = master;
        this.timeoutSeconds = timeoutSeconds;
    }

    /**
     * Watches over the calling thread, from before its session opens: that too may wait, for a master or a place in a queue.
     *
     * @throws KindlingException if the configured time cannot be read
     */
    static ExecutorWatch start(SparkConf conf) {
        long timeout = 0;
        try {
            timeout = conf.getTimeAsSeconds(TIMEOUT, DEFAULT_TIMEOUT);
        } catch (NumberFormatException e) {
            // Stays 0, which is no time to wait.
        }
        if (timeout < 1) {
            throw new KindlingException(TIMEOUT + ": found '" + conf.get(TIMEOUT)
                    + "', expected a time of 1s or more, such as 90s or 10min");
        }
        ExecutorWatch watch = new ExecutorWatch(conf.get("spark.master", "the cluster"), timeout);
        if (!Sessions.isLocal(conf)) { // else there is no executor to wait for
            watch.clock.schedule(watch, LOOK_MILLIS, LOOK_MILLIS);
        }
        return watch;
    }

    /** Tells of the session once it is open. If that is late, the command goes on. */
    synchronized void opened(SparkContext opened) {
        since = System.nanoTime();
        context = opened;
        if (expired) {
            expired = false;
            Thread.interrupted(); // it came too late, and would end the next thing that waits
        }
    }

    @Override
    public void run() {
        SparkContext opened = context;
        if (opened != null && !waits(opened)) {
            since = System.nanoTime();
        } else {
            endIfOverdue();
        }
    }

    private synchronized void endIfOverdue() {
        if (!closed && System.nanoTime() - since > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
            expired = true;
            command.interrupt(); // again and again, because a library may swallow an interrupt
        }
    }

    /** Whether a job runs and nothing is there to run it. The driver counts itself among the executors. */
    private static boolean waits(SparkContext context) {
        try {
            return context.statusTracker().getActiveJobIds().length > 0
                    && context.getExecutorMemoryStatus().size() <= 1;
        } catch (Exception e) { // SparkException too, which Scala does not declare
            return false; // the session is being stopped, which ends its jobs
        }
    }

    /** The error to report: that of this watch if it ended the command, else the command's own. */
    synchronized Exception cause(Exception error) {
        close();
        return expired
                ? new KindlingException(
                        master + ": found no executor for " + timeoutSeconds
                                + " s, expected 1 or more: check that the master and its workers are up and have the memory and "
                                + "cores that you ask for, and read the log of an executor; to wait longer: "
                                + "--conf " + TIMEOUT + "=TIME",
                        error)
                : error;
    }

    /** Leaves the thread alone from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        clock.cancel();
        if (expired) {
            Thread.interrupted(); // what comes now, such as stopping the session, must not be interrupted
        }
    }
}
