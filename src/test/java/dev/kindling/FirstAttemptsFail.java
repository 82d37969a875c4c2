package dev.kindling;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/**
 * While one of these is open, the first attempt of every task fails when its work is done, and Spark makes a second one. A
 * plug-in of the tests' session.
 */
public final class FirstAttemptsFail implements AutoCloseable {
    private static volatile FirstAttemptsFail open;

    private final AtomicInteger failures = new AtomicInteger();

    public FirstAttemptsFail() {
        open = this;
    }

    /** How many attempts have failed so far. */
    public int failures() {
        return failures.get();
    }

    @Override
    public void close() {
        open = null;
    }

    /** What Spark loads by name. */
    public static final class Plugin implements SparkPlugin {
        @Override
        public DriverPlugin driverPlugin() {
            return null;
        }

        @Override
        public ExecutorPlugin executorPlugin() {
            return new ExecutorPlugin() {
                @Override
                public void init(PluginContext context, Map<String, String> configuration) {}

                @Override
                public void onTaskStart() {
                    FirstAttemptsFail failing = open;
                    if (failing != null && TaskContext.get().attemptNumber() == 0) {
                        TaskCompletionListener failure = task -> {
                            failing.failures.incrementAndGet();
                            throw new IllegalStateException("a failure made for the test");
                        };
                        TaskContext.get().addTaskCompletionListener(failure);
                    }
                }
            };
        }
    }
}
