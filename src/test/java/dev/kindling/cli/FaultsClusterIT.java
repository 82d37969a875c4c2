package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster does to a run: processes that are killed, stopped, or never come. */
@EnabledOnOs(OS.LINUX)
class FaultsClusterIT {
    /** So many that each fault comes in the middle of a round, with rounds before and after it. */
    private static final String STEPS = "1000";

    private static final String FAR_TOO_MANY = "10000000";

    /** The first line after the first step, a tenth of the way. */
    private static final String UNDER_WAY = "step 100 of";

    @TempDir
    private static Path shared;

    private static final String NO_MASTER = "spark://127.0.0.1:1";

    private static StandaloneCluster cluster;
    private static String undisturbed;

    /** Spark takes a minute to give up a master, so this begins before all tests. */
    private static Submission withoutMaster;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void startTheMasterAndRunUndisturbed() throws Exception {
        cluster = new StandaloneCluster(shared);
        withoutMaster = Submission.start(
                Map.of(), List.of("--master", NO_MASTER, "train", "--iterations", STEPS, "--model", shared + "/none"));
        undisturbed = Submission.start(
                        cluster.environment(),
                        List.of("--master", "local[2]", "train", "--iterations", STEPS, "--model", shared + "/model"))
                .result()
                .digest();
    }

    @AfterAll
    static void endAllProcesses() throws Exception {
        cluster.end();
    }

    @BeforeEach
    void startTwoWorkers() throws IOException {
        while (cluster.workers().size() < 2) {
            cluster.startWorker();
        }
    }

    @AfterEach
    void noProcessStaysBehind() throws InterruptedException, ExecutionException {
        cluster.awaitQuiet();
    }

    /** Settings, then the options of train, of a run on the cluster. */
    private Submission train(List<String> settings, String... options) throws IOException {
        return trainOn(cluster.url(), settings, options);
    }

    private Submission trainOn(String master, List<String> settings, String... options) throws IOException {
        return trainOn(master, STEPS, settings, options);
    }

    private Submission trainOn(String master, String steps, List<String> settings, String... options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--master", master));
        Stream.concat(
                        Stream.of("spark.ui.enabled=false", "spark.executorEnv.OPENBLAS_NUM_THREADS=1"),
                        settings.stream())
                .forEach(setting -> arguments.addAll(List.of("--conf", setting)));
        arguments.addAll(List.of("train", "--iterations", steps, "--model", temporary + "/model"));
        arguments.addAll(List.of(options));
        return Submission.start(cluster.environment(), arguments);
    }

    private void leavesTheModelOnly(Submission run) throws IOException, InterruptedException {
        assertThat(run.result().digest()).isEqualTo(undisturbed);
        assertThat(left()).containsExactly("model");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** First an executor, which its worker replaces; then one with its worker, which none replaces; then all. */
    @Test
    void processesThatAreKilledChangeNoBit() throws IOException, InterruptedException {
        Submission run = train(List.of()).await(UNDER_WAY);
        Submission.signal("KILL", cluster.executors().get(0));
        run.await("step 400 of");
        for (ProcessHandle process : workerAndExecutor()) {
            Submission.signal("KILL", process);
        }
        run.await("step 700 of");
        for (Process worker : cluster.workers()) {
            Submission.signal("KILL", worker.toHandle());
        }
        cluster.startWorker();
        cluster.startWorker();
        leavesTheModelOnly(run);
    }

    @Test
    @Tag("long")
    void aWorkerAndExecutorThatStandStillForSomeSecondsAreWaitedFor() throws IOException, InterruptedException {
        Submission run = train(List.of()).await(UNDER_WAY);
        List<ProcessHandle> slow = workerAndExecutor();
        for (ProcessHandle process : slow) {
            Submission.signal("STOP", process);
        }
        TimeUnit.SECONDS.sleep(5); // the fault itself
        for (ProcessHandle process : slow) {
            Submission.signal("CONT", process);
        }
        leavesTheModelOnly(run);
    }

    /** With dynamic allocation there is no barrier: Spark starts its task again, for which no core is left. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("long")
    void anExecutorThatStandsStillForLongIsLeftBehind(boolean dynamic) throws IOException, InterruptedException {
        Submission run = train(List.of(
                        "spark.network.timeout=10s",
                        "spark.network.timeoutInterval=2s",
                        "spark.executor.heartbeatInterval=2s",
                        "spark.cores.max=2",
                        "spark.scheduler.minRegisteredResourcesRatio=1",
                        "spark.dynamicAllocation.enabled=" + dynamic,
                        "spark.dynamicAllocation.shuffleTracking.enabled=true",
                        "spark.dynamicAllocation.initialExecutors=2"))
                .await(UNDER_WAY);
        List<ProcessHandle> stopped = workerAndExecutor();
        for (ProcessHandle process : stopped) {
            Submission.signal("STOP", process);
        }
        leavesTheModelOnly(run);
        for (ProcessHandle process : stopped) {
            Submission.signal("KILL", process);
        }
    }

    private static List<ProcessHandle> workerAndExecutor() {
        Process worker = cluster.workers().stream()
                .filter(process -> process.children().findAny().isPresent())
                .findFirst()
                .orElseThrow();
        return List.of(worker.toHandle(), worker.children().findFirst().orElseThrow());
    }

    @Test
    @Tag("long")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void anExecutorThatJoinsTakesItsShareOfARound() throws IOException, InterruptedException, ExecutionException {
        Process other = cluster.workers().get(0);
        Submission.signal("KILL", other.toHandle());
        other.onExit().get();
        EventLog log = new EventLog(temporary);
        Submission run = trainOn(cluster.url(), FAR_TOO_MANY, log.settings()).await("step 1 of");
        assertThat(log.executorsOfSteps()).noneMatch(executors -> executors.size() > 1);
        cluster.startWorker();
        while (log.executorsOfSteps().stream().noneMatch(executors -> executors.size() > 1)) {
            TimeUnit.MILLISECONDS.sleep(500);
        }
        run.process().destroy();
        assertThat(run.result().exitCode()).isEqualTo(143);
    }

    @Test
    void aKilledDriverGoesOnFromTheNewestCheckpointThatIsWhole()
            throws IOException, InterruptedException, ExecutionException {
        Submission run = train(List.of(), "--checkpoint-every", "290").await("step 600 of");
        Submission.signal("KILL", run.process());
        cluster.awaitQuiet();
        assertThat(left()).containsExactly("model.checkpoints");
        damage(temporary.resolve("model.checkpoints/step-000000580"));
        Submission.Result resumed =
                train(List.of(), "--checkpoint-every", "290", "--resume").result();
        assertThat(resumed.digest()).isEqualTo(undisturbed);
        assertThat(resumed.out()).contains("goes on after step 290 from ").doesNotContain("step 1 of");
        assertThat(resumed.err()).contains("step-000000580", "damaged checkpoint", "taking the one before it");
        assertThat(left()).containsExactly("model", "model.checkpoints");
    }

    /** Cuts the Parquet files in it to half their length, and takes their checksums away. */
    private static void damage(Path checkpoint) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(checkpoint)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (file.toString().endsWith(".crc")) {
                Files.delete(file);
            } else {
                byte[] whole = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            }
        }
    }

    @Test
    void withoutWorkersARunEndsAndSaysSo() throws IOException, InterruptedException {
        Submission run = train(List.of("spark.kindling.executorTimeout=30s")).await(UNDER_WAY);
        for (Process worker : cluster.workers()) {
            Submission.signal("KILL", worker.toHandle());
        }
        run.result().failsWith(1, cluster.url() + ": found no executor for 30 s");
        train(List.of("spark.kindling.executorTimeout=5s"))
                .result()
                .failsWith(1, cluster.url() + ": found no executor for 5 s");
        assertThat(left()).isEmpty();
    }

    @Test
    void executorsThatCannotStartEndARun() throws IOException, InterruptedException {
        train(List.of("spark.kindling.executorTimeout=5s", "spark.executor.extraJavaOptions=-agentlib:none"))
                .result()
                .failsWith(1, cluster.url() + ": found no executor for 5 s");
        assertThat(left()).isEmpty();
    }

    @Test
    void aMasterThatIsNotThereEndsARun() throws IOException, InterruptedException {
        trainOn(NO_MASTER, List.of("spark.kindling.executorTimeout=5s"))
                .result()
                .failsWith(1, NO_MASTER + ": found no executor for 5 s");
        withoutMaster.result().failsWith(1, NO_MASTER + ": Spark did not start there");
        assertThat(left()).isEmpty();
        assertThat(shared.resolve("none")).doesNotExist();
    }
}
