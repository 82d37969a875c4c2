package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of Spark's log a person sees, beside the one line that a command says. */
class NoiseTest {
    private final LoggerContext context =
            new LoggerContext("noise", null, Path.of("conf/log4j2.properties").toUri());

    private boolean isShown(Level level, String logger, String message) {
        context.start();
        Configuration configuration = context.getConfiguration();
        Log4jLogEvent event = Log4jLogEvent.newBuilder()
                .setLevel(level)
                .setLoggerName(logger)
                .setMessage(new SimpleMessage(message))
                .build();
        return context.getLogger(logger).isEnabled(level)
                && !configuration
                        .<org.apache.logging.log4j.core.appender.ConsoleAppender>getAppender("stderr")
                        .isFiltered(event);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void sparkDoesNotWarnOfWhatItPutsRightItself() {
        assertThat(isShown(
                        Level.WARN,
                        "org.apache.spark.storage.BlockManagerMasterEndpoint",
                        "No more replicas available for rdd_2_0"))
                .isFalse();
        assertThat(isShown(
                        Level.ERROR,
                        "org.apache.spark.network.client.TransportResponseHandler",
                        "Still have 1 requests outstanding when connection from /127.0.0.1:45336 is closed"))
                .isFalse();
        assertThat(isShown(Level.ERROR, "org.apache.spark.SparkContext", "Error initializing SparkContext."))
                .isTrue();
    }

    @Test
    void whileACommandIsBeingStoppedNoTraceIsPrinted() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = Interruption.withoutTraces(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        new IllegalStateException("rejected", new IllegalStateException("shut down")).printStackTrace(out);
        out.println("kindling: step 3 is saved");
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("kindling: step 3 is saved" + System.lineSeparator());
    }

    @Test
    void whatACommandSaysItselfIsNotSaidByTheLogToo() {
        String scheduler = "org.apache.spark.scheduler.TaskSetManager";
        assertThat(isShown(Level.ERROR, scheduler, "Task 0 in stage 5.0 failed 4 times; aborting job"))
                .isFalse();
        assertThat(isShown(Level.ERROR, scheduler, "Lost task 0.0 in stage 5.0: java.lang.OutOfMemoryError"))
                .isFalse();
        String backend = "org.apache.spark.scheduler.TaskSchedulerImpl";
        assertThat(isShown(Level.ERROR, backend, "Lost executor 1 on host: Command exited with code 143"))
                .isFalse();
        assertThat(isShown(Level.ERROR, backend, "Lost executor 1 on host: worker lost"))
                .isTrue();
        assertThat(isShown(Level.ERROR, "org.apache.spark.executor.Executor", "Exception in task 0.0"))
                .isFalse();
    }
}
