package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.network.util.JavaUtils;

/** One run of train, from its start to its end, with all that happens to it on the way. */
final class SoakRun {
    static final int STEPS = Integer.getInteger("soak.steps", 10_000);

    /** Less than a tenth, and no divisor of one, so that faults come at any distance from a checkpoint. */
    private static final int CHECKPOINT_EVERY = STEPS / 29;

    private static final String PROGRESS = " of " + STEPS;

    /** Three times what JVMs that do not leak differ by; a leak of a kilobyte a step is more. */
    private static final double MOST_GROWTH = 0.15;

    private final SoakSite site;
    private final Random random;
    private final String name;
    private final List<Path> foldersOfDrivers = new ArrayList<>();
    private final Map<ProcessHandle, List<HeapUse>> heaps = new LinkedHashMap<>();
    private Submission driver;
    private boolean isNew;
    private int executorsKilled;

    SoakRun(SoakSite site, int number, Random random) throws IOException {
        this.site = site;
        this.random = random;
        this.name = "run-" + number;
        start();
    }

    private void start(String... options) throws IOException {
        String nameOfDriver = name + "-driver-" + (foldersOfDrivers.size() + 1);
        Path folder = Files.createDirectory(site.cluster.localFolder(nameOfDriver));
        foldersOfDrivers.add(folder);
        List<String> arguments = new ArrayList<>(List.of("--master", site.cluster.url()));
        arguments.addAll(List.of("--driver-java-options", "-Djava.io.tmpdir=" + folder));
        Stream.concat(
                        SoakSite.SECURITY.stream(),
                        Stream.of(
                                "spark.ui.port=0",
                                // Spark keeps these in memory, and by default so many that a run would not reach it.
                                "spark.ui.retainedJobs=20",
                                "spark.ui.retainedStages=20",
                                "spark.ui.retainedTasks=40",
                                "spark.ui.retainedDeadExecutors=2",
                                "spark.sql.ui.retainedExecutions=2",
                                "spark.eventLog.enabled=true",
                                "spark.eventLog.dir=file://" + site.folder.resolve("events"),
                                "spark.executorEnv.OPENBLAS_NUM_THREADS=1",
                                "spark.executor.extraJavaOptions=-Djava.io.tmpdir=" + site.ofExecutors))
                .forEach(setting -> arguments.addAll(List.of("--conf", setting)));
        arguments.addAll(List.of("train", "--iterations", String.valueOf(STEPS)));
        arguments.addAll(List.of("--model", model(), "--checkpoint-every", String.valueOf(CHECKPOINT_EVERY)));
        arguments.addAll(List.of(options));
        driver = Submission.start(site.network.prefix(), site.cluster.environment(nameOfDriver), arguments);
        isNew = true;
    }

    private String model() {
        return site.folder.resolve("models/model").toString();
    }

    /**
     * Waits for the next tenth of the steps, but not the first of a driver, so that each takes some steps.
     *
     * @return whether there are more of them
     */
    boolean reachesAnotherTenth() throws IOException, InterruptedException {
        if (isNew) {
            driver.newest(PROGRESS);
            isNew = false;
        }
        String line = driver.newest(PROGRESS);
        site.events.empty();
        return line != null && !line.startsWith("step " + STEPS);
    }

    void stopExecutor() throws IOException, InterruptedException {
        stop(List.of(executor()));
    }

    void stopWorker() throws IOException, InterruptedException {
        ProcessHandle executor = executor();
        stop(List.of(executor.parent().orElseThrow(), executor));
    }

    void stopDriver() throws IOException, InterruptedException {
        stop(List.of(driver.process()));
    }

    private void stop(List<ProcessHandle> processes) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            Submission.signal("STOP", process);
        }
        passSomeSeconds();
        for (ProcessHandle process : processes) {
            Submission.signal("CONT", process);
        }
    }

    void slowNetwork() throws InterruptedException {
        assertThat(site.network.slow()).isTrue();
        passSomeSeconds();
        site.network.fast();
    }

    /** How long a fault lasts that is over by itself. */
    private void passSomeSeconds() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(3_000));
    }

    /** Until the next tenth of the steps. */
    void fillEventLog() throws IOException {
        site.events.fill();
    }

    /** Until the run has ended: Spark renames the log then. */
    void lockEventLog() throws InterruptedException {
        assertThat(site.events.lock()).isTrue();
    }

    void killExecutor() throws IOException, InterruptedException {
        executorsKilled++;
        Submission.signal("KILL", executor());
    }

    void killWorker() throws IOException, InterruptedException {
        List<Process> workers = site.cluster.workers();
        Submission.signal("KILL", workers.get(random.nextInt(workers.size())).toHandle());
        site.cluster.startWorker();
    }

    void killDriver() throws Exception {
        Submission.signal("KILL", driver.process());
        site.cluster.awaitQuiet();
        // Nobody else could.
        JavaUtils.deleteRecursively(
                foldersOfDrivers.remove(foldersOfDrivers.size() - 1).toFile());
        start("--resume");
    }

    void interruptDriver() throws Exception {
        driver.process().destroy();
        Submission.Result interrupted = driver.result();
        assertThat(interrupted.exitCode()).as(interrupted.err()).isEqualTo(143);
        assertThat(interrupted.err()).contains("is saved in " + model() + ".checkpoints; go on with: ");
        site.cluster.awaitQuiet();
        start("--resume");
    }

    void fillCheckpoints() throws Exception {
        site.models.fill();
        Submission.Result failed = driver.result();
        assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);
        assertThat(failed.err())
                .contains(model(), ": cannot write there", "No space left")
                .doesNotContain("\tat ");
        site.models.empty();
        site.cluster.awaitQuiet();
        start("--resume");
    }

    /** Any that lives. One that was killed is on its way. */
    private ProcessHandle executor() throws InterruptedException {
        List<ProcessHandle> executors = site.cluster.executors();
        while (executors.isEmpty()) {
            assertThat(driver.process().isAlive()).isTrue();
            TimeUnit.MILLISECONDS.sleep(100);
            executors = site.cluster.executors();
        }
        return executors.get(random.nextInt(executors.size()));
    }

    /** Of the driver and its executors. */
    void measureMemory() throws IOException, InterruptedException {
        List<ProcessHandle> processes = new ArrayList<>(List.of(driver.process()));
        processes.addAll(site.cluster.executors());
        for (ProcessHandle process : processes) {
            heaps.computeIfAbsent(process, none -> new ArrayList<>()).add(HeapUse.of(process));
        }
    }

    /** Says what was measured, and compares the first with the last. */
    void memoryIsFlat() {
        heaps.forEach((process, uses) -> {
            HeapUse first = uses.get(0);
            HeapUse last = uses.get(uses.size() - 1);
            String figures = uses.stream()
                    .map(use -> String.format(Locale.ROOT, "%.1f", use.megabytes()))
                    .collect(Collectors.joining(", "));
            System.out.printf(
                    "soak: %s: MB in use on the heap of %s %d: %s%n",
                    name, process.equals(driver.process()) ? "driver" : "executor", process.pid(), figures);
            assertThat(last.megabytes())
                    .as("%s; since the first:%s", figures, last.grownSince(first))
                    .isLessThan(first.megabytes() * (1 + MOST_GROWTH));
        });
        assertThat(heaps).as("a driver and two executors").hasSize(3);
    }

    /** The SHA-256 of the parameters, when it has ended. */
    String digest() throws IOException, InterruptedException {
        return driver.result().digest();
    }

    /** Whatever happened, these are all files; and they are taken away now. */
    void leavesAModelWithCheckpointsAndNoOtherFile() throws Exception {
        site.cluster.awaitQuiet();
        site.events.unlock();
        Path models = site.folder.resolve("models");
        assertThat(names(models)).containsExactlyInAnyOrder("ballast", "model", "model.checkpoints");
        assertThat(names(models.resolve("model.checkpoints")))
                .hasSizeLessThanOrEqualTo(3)
                .allMatch(checkpoint -> checkpoint.matches("step-\\d{9}"));
        for (Path folder : foldersOfDrivers) {
            assertThat(names(folder)).as(folder.toString()).isEmpty();
        }
        for (String each : names(site.ofExecutors)) {
            // A JVM that is killed cannot delete its copies of native libraries, as others do.
            assertThat(executorsKilled).as(each).isPositive();
            assertThat(each).matches("(commons-crypto|liblz4|snappy|libnetty)\\S*\\.so(\\.lck)?");
            Files.delete(site.ofExecutors.resolve(each));
        }
        site.cluster.awaitTidyWorkers();
        for (Path folder : List.of(models, site.folder.resolve("events"))) {
            for (String each : names(folder)) {
                if (!each.equals("ballast")) {
                    JavaUtils.deleteRecursively(folder.resolve(each).toFile());
                }
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
