package dev.kindling.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkContext;

/**
 * Ctrl-C or SIGTERM while a run trains. The JVM runs its shutdown hooks at once, and Spark's would stop Spark in the middle of
 * a step. So this hook comes before Spark's, and holds it up until the step has ended and the run is saved.
 */
final class Interruption implements AutoCloseable {
    /** Hooks of a higher priority run first; Spark's has that of Hadoop's file systems, 10, and 30. */
    private static final int BEFORE_SPARK = 100;

    private static final int MOST_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    final Runnable hook = this::waitUntilClosed;
    private volatile boolean holds;
    private volatile boolean requested;

    Interruption() {
        ShutdownHookManager.get().addShutdownHook(hook, BEFORE_SPARK, MOST_SECONDS + 5, TimeUnit.SECONDS);
    }

    /** Whoever interrupts a run need not read what Spark logs, and Scala prints, while it is being stopped. */
    static void silence(SparkContext spark) {
        ShutdownHookManager.get()
                .addShutdownHook(
                        () -> {
                            spark.setLogLevel("OFF");
                            silenceTraces();
                        },
                        BEFORE_SPARK - 1);
    }

    /** From now on stderr shows strings only: what Spark asks of executors may fail when it is being stopped, and Scala prints that. */
    static void silenceTraces() {
        System.setErr(withoutTraces(System.err));
    }

    /** A stream that prints strings and no stack traces, which print themselves as objects. */
    static PrintStream withoutTraces(PrintStream out) {
        return new PrintStream(out, true) {
            @Override
            public void println(Object line) {
                // Scala's thread pools print a trace for each future that comes too late.
            }
        };
    }

    /** From now on an interruption waits until this is closed, but at most {@value #MOST_SECONDS} seconds. */
    void hold() {
        holds = true;
    }

    boolean isRequested() {
        return requested;
    }

    private void waitUntilClosed() {
        if (!holds) {
            return;
        }
        requested = true;
        try {
            if (!closed.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "kindling: the step did not end within  " + MOST_SECONDS + "  s, so the run is not saved");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the JVM end, and leaves nothing behind in one that goes on. */
    @Override
    public void close() {
        closed.countDown();
        try {
            ShutdownHookManager.get().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending.
        }
    }
}
