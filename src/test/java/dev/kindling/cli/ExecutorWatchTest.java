package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;

/** How long a session may take to open; what happens to jobs is in {@link FaultsClusterIT}. */
class ExecutorWatchTest {
    private static final SparkContext CONTEXT = SparkTest.session().sparkContext();

    private static ExecutorWatch watch() {
        return ExecutorWatch.start(
                new SparkConf(false).set("spark.master", "spark://host:7077").set(ExecutorWatch.TIMEOUT, "1s"));
    }

    private static void awaitInterrupt() {
        assertThatThrownBy(() -> TimeUnit.MINUTES.sleep(5)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aSessionThatDoesNotOpenIsAnError() {
        try (ExecutorWatch watch = watch()) {
            awaitInterrupt();
            assertThat(watch.cause(new InterruptedException()))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("spark://host:7077: found no executor for 1 s");
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aSessionThatOpensLateIsNone() {
        try (ExecutorWatch watch = watch()) {
            awaitInterrupt();
            Thread.currentThread().interrupt(); // again, as the watch does until it knows of the session
            watch.opened(CONTEXT);
            assertThat(Thread.interrupted()).isFalse();
            Exception another = new IllegalStateException();
            assertThat(watch.cause(another)).isSameAs(another);
        }
    }
}
