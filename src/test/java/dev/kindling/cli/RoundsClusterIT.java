package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.training.TrainingsAtOnce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
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
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(
                List.of("-Xmx1g", "-Dlog4j2.configurationFile=" + Submission.REPOSITORY + "/conf/log4j2.properties"));
        command.addAll(List.of("-cp", classPath, TrainingsAtOnce.class.getName()));
        command.addAll(List.of("spark.ui.enabled=false", "spark.executor.extraClassPath=" + classPath));
        command.addAll(List.of(settings));
        Path err = temporary.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.directory(temporary.toFile()); // where executors keep their logs
        builder.environment()
                .putAll(Map.of(
                        "SPARK_LOCAL_IP", "127.0.0.1",
                        "SPARK_HOME",
                                Submission.REPOSITORY
                                        .resolve("target/spark-" + Submission.sparkVersion())
                                        .toString(),
                        "SPARK_SCALA_VERSION", "2.13"));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // it does not outlive the tests
        CompletableFuture.delayedExecutor(4, TimeUnit.MINUTES).execute(process::destroyForcibly);
        List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s%n%s", said, Files.readString(err)).isZero();
        return said;
    }
}
