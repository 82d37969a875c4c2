package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.training.Recipe;
import dev.kindling.training.TrainingMemory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {
    private static final SparkConf CLUSTER = new SparkConf(false).set("spark.master", "spark://host:7077");
    private static final SparkConf LOCAL = new SparkConf(false).set("spark.master", "local[2]");

    private static List<Recipe> adam(String layers) {
        return List.of(Recipe.builder()
                .layers(Architecture.parse(layers))
                .optimizer(Recipe.OptimizerKind.ADAM)
                .build());
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatIsNeededAndTheOptionThatGivesIt() {
        assertThatThrownBy(() -> Memory.require(LOCAL, 2, adam("784,65000,10"), null))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining(
                        "layers 784,65000,10: 51,675,010 parameters, 2 tasks a step: found a heap of the driver")
                .hasMessageContaining("MiB or more: give it with --driver-memory 8g before the command");
        SparkConf small = CLUSTER.clone().set("spark.executor.memory", "512m").set("spark.executor.cores", "4");
        assertThatThrownBy(() -> Memory.require(small, 8, adam("784,4000,10"), null))
                .hasMessageContaining("found a heap of an executor of 512 MiB")
                .hasMessageContaining("--conf spark.executor.memory=1g");
    }

    @Test
    void asManyParametersSideBySideAsCanBeSentAreRefusedForTheHeapAloneAndMoreForTheirNumber() {
        List<Recipe> most = Collections.nCopies(3, adam("32746,2731,1").get(0));
        assertThat(TrainingMemory.MOST_SENT - 3L * most.get(0).layers().parameters())
                .isBetween(0L, 99L);
        assertThatThrownBy(() -> Memory.require(LOCAL, 2, most, null))
                .hasMessageContaining("89,434,789 parameters in each of 3 candidates")
                .hasMessageContaining("found a heap of the driver");
        List<Recipe> more = Collections.nCopies(2, adam("49143,2731,2").get(0));
        assertThatThrownBy(() -> Memory.require(LOCAL, 2, more, null))
                .hasMessageContaining("134,217,728 parameters in each of 2 candidates")
                .hasMessageContaining("expected at most 268304383 parameters in all that is trained side by side");
    }

    @Test
    void whatFitsIsNotRefused() {
        assertThatNoException().isThrownBy(() -> {
            Memory.require(LOCAL, 2, adam("784,10,10"), null);
            Memory.require(CLUSTER, 38, adam("784,1000,10"), null);
            Memory.require(CLUSTER, 38, adam("784,4530,10"), null); // whatever spark.driver.maxResultSize is
        });
    }

    @Test
    void memoryThatRanOutAnywhereIsToldByTheOptionOfTheProcess() {
        Throwable task = new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task 0.3: "
                        + "java.lang.OutOfMemoryError: Java heap space");
        Throwable executor = new SparkException(
                "Job aborted due to stage failure: ... Reason: Command exited with code 52",
                new IllegalStateException());
        assertThat(Memory.ranOut(task)).isTrue();
        assertThat(Memory.ranOut(executor)).isTrue();
        assertThat(Memory.ranOut(new SparkException("any", new OutOfMemoryError("Java heap space"))))
                .isTrue();
        assertThat(Memory.ranOut(new SparkException("exited with code 521"))).isFalse();
        assertThat(Memory.explain(task, false)).hasMessageContaining("--conf spark.executor.memory=4g");
        assertThat(Memory.explain(task, true)).hasMessageContaining("--driver-memory 4g");
        assertThat(Memory.explain(new OutOfMemoryError(), false)).hasMessageContaining("--driver-memory 4g");
    }

    /** As when the thread that schedules Spark's jobs ends: the job would be waited for for ever. */
    @Test
    void anOutOfMemoryErrorOnAnotherThreadEndsTheCommand() throws InterruptedException {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        ExecutorWatch watch = ExecutorWatch.start(LOCAL);
        new Thread(() -> {
                    throw new OutOfMemoryError("Java heap space");
                })
                .start();
        assertThatThrownBy(() -> new CountDownLatch(1).await(1, TimeUnit.MINUTES))
                .isInstanceOf(InterruptedException.class)
                .satisfies(error -> assertThat(watch.cause(error))
                        .isInstanceOf(KindlingException.class)
                        .hasMessageContaining("out of memory with a heap of"));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
    }

    @ParameterizedTest
    @CsvSource({"true, 1, --driver-memory 2g", "false, 2, --conf spark.executor.memory=1g"})
    void rowsOnDiskAreSaidWithTheMemoryThatWouldHoldThem(boolean local, int executors, String option) {
        assertThat(Memory.shortOfIt(200L << 20, 210L << 20, local, executors))
                .startsWith("210 of 410 MiB of the packed rows are on disk")
                .endsWith("for example with " + option + " before the command");
    }
}
