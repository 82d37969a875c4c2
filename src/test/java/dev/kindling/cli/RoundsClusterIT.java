package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.training.TrainingsAtOnce;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds over executors in processes of their own, with the settings of Spark that change what a round may do. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RoundsClusterIT {
    private static final String STEPS = "300";

    @TempDir
    private static Path shared;

    private static String byJobs;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void trainByJobs() throws IOException, InterruptedException {
        byJobs = train(shared, "local[2]", List.of(), "--exchange", "job").digest();
    }

    private static Submission.Result train(Path folder, String master, List<String> settings, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--master", master));
        Stream.concat(Stream.of("spark.ui.enabled=false"), settings.stream())
                .forEach(setting -> arguments.addAll(List.of("--conf", setting)));
        arguments.addAll(List.of("train", "--iterations", STEPS, "--model", folder + "/model"));
        arguments.addAll(List.of(options));
        return Submission.start(Map.of("SPARK_LOCAL_IP", "127.0.0.1"), arguments)
                .result();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // All that goes between the processes is authenticated and encrypted.
                "spark.authenticate=true spark.authenticate.secret=quiet spark.network.crypto.enabled=true"
                        + " spark.io.encryption.enabled=true",
                // Spark refuses a barrier with the first, and without one the others may start twins.
                "spark.dynamicAllocation.enabled=true spark.dynamicAllocation.shuffleTracking.enabled=true"
                        + " spark.dynamicAllocation.initialExecutors=2 spark.dynamicAllocation.maxExecutors=2"
                        + " spark.speculation=true spark.speculation.interval=10ms spark.speculation.multiplier=1"
                        + " spark.speculation.quantile=0.1 spark.speculation.minTaskRuntime=0"
            })
    void stepsAreTakenInRoundsToTheSameBits(String settings) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(settings.split(" ")));
        EventLog log = new EventLog(temporary);
        all.addAll(log.settings());
        Submission.Result trained = train(temporary, "local-cluster[2,1,1024]", all);
        assertThat(trained.digest()).isEqualTo(byJobs);
        List<String> jobs = log.jobsOfSteps();
        assertThat(jobs).filteredOn(job -> job.startsWith("steps ")).isNotEmpty();
        assertThat(jobs).hasSizeLessThan(Integer.parseInt(STEPS) / 2);
    }

    /** The second asks for both cores of an executor for each task, so that each has room for one task. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.master=local-cluster[2,1,1024] spark.scheduler.mode=FIFO"
                        + " spark.serializer=org.apache.spark.serializer.KryoSerializer",
                "spark.master=local-cluster[2,2,1024] spark.scheduler.mode=FAIR spark.task.cpus=2"
            })
    void trainingsAtOnceEndWithTheBitsThatEachHasAloneAndAStoppedOneEnds(String settings)
            throws IOException, InterruptedException {
        List<String> said = trainingsAtOnce(settings.split(" "));
        assertThat(said).hasSize(3);
        assertThat(said.get(0)).matches("2 at once: [1-9]\\d* rounds");
        assertThat(said.get(1)).matches("4 at once: [1-9]\\d* rounds");
        assertThat(said.get(2)).startsWith("stopped: ");
    }

    /** What {@link TrainingsAtOnce} says in a process of its own. */
    private List<String> trainingsAtOnce(String... settings) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("spark.ui.enabled=false"));
        all.add("spark.executor.extraClassPath=" + System.getProperty("java.class.path"));
        all.addAll(List.of(settings));
        Submission.Result result = Submission.program(
                        TrainingsAtOnce.class, temporary, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), all)
                .result();
        List<String> said = result.out().lines().toList();
        assertThat(result.exitCode()).as("%s%n%s", said, result.err()).isZero();
        return said;
    }
}
