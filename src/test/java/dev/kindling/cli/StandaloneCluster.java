package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.network.util.JavaUtils;

/**
 * A standalone master and workers of one core each: processes of their own, on loopback and free ports, from the jars in
 * target. All that belongs to it, executors and drivers too, has its folder in the environment, which is how it is found
 * (in /proc, so on Linux only).
 */
final class StandaloneCluster {
    private static final long PATIENCE_SECONDS = 120;
    private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

    private final Path folder;
    private final Path sparkHome;
    private final Process master;
    private final String url;
    private final List<Process> workers = new ArrayList<>();
    private final ClusterProcesses processes;
    private final List<String> prefix;
    private final List<String> settings;

    /** @param folder where logs and whatever else Spark writes go */
    StandaloneCluster(Path folder) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        this(folder, List.of(), List.of());
    }

    /**
     * @param folder where logs and whatever else Spark writes go
     * @param prefix a command that runs the command after it, or nothing
     * @param settings of Spark, for master and workers
     */
    StandaloneCluster(Path folder, List<String> prefix, List<String> settings)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        this.folder = folder;
        this.prefix = prefix;
        this.settings = settings;
        this.sparkHome = Submission.REPOSITORY.resolve("target/spark-" + Submission.sparkVersion());
        this.processes = new ClusterProcesses("SPARK_LOCAL_DIRS=" + folder);
        CompletableFuture<String> found = new CompletableFuture<>();
        this.master = start("master", "org.apache.spark.deploy.master.Master", found);
        this.url = found.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What to give as --master. */
    String url() {
        return url;
    }

    /** What a driver's environment must have to be found. */
    Map<String, String> environment() {
        return environment("local");
    }

    /** The same, with a folder of its own for what Spark keeps for a while. */
    Map<String, String> environment(String name) {
        return Map.of(
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_LOCAL_DIRS",
                localFolder(name).toString());
    }

    /** Where Spark keeps things for a while, of a driver or of {@code worker-1}, {@code worker-2} and so on. */
    Path localFolder(String name) {
        return folder.resolve(name);
    }

    /** One more worker, with room for one executor of one core. */
    Process startWorker() throws IOException {
        Process worker = start(
                "worker-" + (workers.size() + 1),
                "org.apache.spark.deploy.worker.Worker",
                new CompletableFuture<>(),
                "--cores",
                "1",
                "--memory",
                "1g",
                url);
        workers.add(worker);
        return worker;
    }

    private Process start(String name, String mainClass, CompletableFuture<String> url, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", sparkHome + "/jars/*"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // half of the CPU time of its start
        command.add("-Dspark.decommission.enabled=true"); // a worker with the signal PWR gives its executors notice
        settings.forEach(setting -> command.add("-D" + setting));
        command.addAll(List.of("-Xmx256m", mainClass, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment(name));
        builder.environment().put("SPARK_HOME", sparkHome.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_WORKER_DIR", folder + "/work");
        Process process = builder.start();
        Path log = folder.resolve(mainClass.replaceAll(".*\\.", "") + "-" + process.pid() + ".log");
        Thread reader = new Thread(() -> keep(process, log, url));
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    /** Copies what a process says to a file, and picks out the master's URL. */
    private static void keep(Process process, Path log, CompletableFuture<String> url) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(log), true)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(line);
                Matcher matcher = URL.matcher(line);
                if (matcher.find()) {
                    url.complete(matcher.group(1));
                }
            }
        } catch (IOException e) {
            // The process was killed, as it is in the end.
        }
        url.completeExceptionally(new IOException("the process ended: see " + log));
    }

    /** All workers that live. */
    List<Process> workers() {
        return workers.stream().filter(worker -> worker.toHandle().isAlive()).toList();
    }

    /** All executors that live. */
    List<ProcessHandle> executors() {
        return workers().stream().flatMap(Process::children).toList();
    }

    /** Waits until only the master and the workers are there, which may still be starting an executor. */
    void awaitQuiet() throws InterruptedException, ExecutionException {
        processes.awaitOnly(Stream.concat(Stream.of(master), workers.stream()));
    }

    /** Waits until workers have deleted all that they kept of applications that have ended; what a killed one kept goes now. */
    void awaitTidyWorkers() throws IOException, InterruptedException {
        for (int k = 0; k < workers.size(); k++) {
            Path local = localFolder("worker-" + (k + 1));
            if (!workers.get(k).isAlive()) {
                JavaUtils.deleteRecursively(local.toFile());
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            for (List<Path> left = kept(local); !left.isEmpty(); left = kept(local)) {
                assertThat(System.nanoTime()).as("still there: %s", left).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    /** A worker has one folder there as long as it lives, in which all else is. */
    private static List<Path> kept(Path local) throws IOException {
        if (!Files.exists(local)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(local, 2)) {
            return files.filter(file -> local.relativize(file).getNameCount() == 2)
                    .toList();
        }
    }

    /** Ends all processes, and makes sure of it. */
    void end() throws InterruptedException, ExecutionException, TimeoutException {
        processes.end();
    }
}
