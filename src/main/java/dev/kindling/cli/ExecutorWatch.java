package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Ends a command that waits for an executor longer than {@value #TIMEOUT}. Spark itself would wait for ever when no
 * worker has room, when none can start an executor, when all were lost, or when the cluster manager does not answer. Nor
 * would it notice when a thread that it waits for has ended for lack of memory, which ends the command too.
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
    /** Then there is no executor to wait for. */
    private final boolean local;

    private final long timeoutSeconds;
    private volatile SparkContext context;
    private boolean expired;
    private boolean closed;
    private volatile long since = System.nanoTime();
    private final Thread.UncaughtExceptionHandler handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    /** Or null. */
    private OutOfMemoryError ranOut;

    private ExecutorWatch(String master, boolean local, long timeoutSeconds) {
        this.local = local;
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
        ExecutorWatch watch =
                new ExecutorWatch(conf.get("spark.master", "the cluster"), Sessions.isLocal(conf), timeout);
        watch.clock.schedule(watch, LOOK_MILLIS, LOOK_MILLIS);
        Thread.setDefaultUncaughtExceptionHandler(watch::uncaught);
        return watch;
    }

    /** A thread of Spark's has ended. Where it was for lack of memory, a job may wait for that thread for ever. */
    private void uncaught(Thread thread, Throwable error) {
        if (error instanceof OutOfMemoryError memory) {
            endFor(memory);
        } else if (handlerBefore != null) {
            handlerBefore.uncaughtException(thread, error);
        } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            error.printStackTrace();
        }
    }

    private synchronized void endFor(OutOfMemoryError error) {
        ranOut = error;
        if (!closed) {
            command.interrupt();
        }
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
        boolean waits = !local && (opened == null || waits(opened));
        if (!waits) {
            since = System.nanoTime();
        }
        endIfDue();
    }

    private synchronized void endIfDue() {
        if (!closed && ranOut != null) {
            command.interrupt();
        } else if (!closed && System.nanoTime() - since > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
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
    synchronized Exception cause(Throwable error) {
        close();
        if (ranOut != null || error instanceof OutOfMemoryError) {
            return Memory.explain(ranOut == null ? error : ranOut, true);
        }
        return expired
                ? new KindlingException(
                        master + ": found no executor for " + timeoutSeconds
                                + " s, expected 1 or more: check that the master and its workers are up and have the memory and "
                                + "cores that you ask for, and read the log of an executor; to wait longer: "
                                + "--conf " + TIMEOUT + "=TIME",
                        error)
                : (Exception) error;
    }

    /** Leaves the thread alone from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        clock.cancel();
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
        if (expired || ranOut != null) {
            Thread.interrupted(); // what comes now, such as stopping the session, must not be interrupted
        }
    }
}
