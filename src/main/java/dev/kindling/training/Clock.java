package dev.kindling.training;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Threads that do something again and again, and do not keep a JVM from ending. */
final class Clock {
    private Clock() {}

    /** One such thread, until it is shut down. */
    static ScheduledExecutorService start(String name) {
        return Executors.newSingleThreadScheduledExecutor(look -> {
            Thread thread = new Thread(look, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
