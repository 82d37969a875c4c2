package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** submit.sh, or another program, in a process of its own, which it shares with the driver, from its start to its end. */
public final class Submission {
    public static final Path REPOSITORY = Path.of("").toAbsolutePath();

    /** Far more than any takes; one that hangs says what its threads and those of executors do and is killed then, so that its test fails. */
    private static final long MOST_MINUTES = 12;

    /** What a process said and how it ended. */
    public record Result(int exitCode, String out, String err) {
        Result failsWith(int code, String... parts) {
            assertThat(exitCode).as(err).isEqualTo(code);
            assertThat(out + err).doesNotContain("\tat ");
            assertThat(err.lines()
                            .filter(line -> line.startsWith("kindling: ") || line.startsWith("submit.sh: "))
                            .filter(line -> !line.startsWith("submit.sh: archiving")))
                    .singleElement()
                    .asString()
                    .contains(parts);
            return this;
        }

        /** The digest of the parameters that train printed. */
        public String digest() {
            assertThat(exitCode).as(out + err).isZero();
            return out.replaceAll("(?s).*SHA-256 ([0-9a-f]{64}).*", "$1");
        }
    }

    private final Process process;
    private final BufferedReader out;
    private final StringBuilder read = new StringBuilder();
    private final CompletableFuture<String> err;

    private Submission(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // none outlives the tests
        CompletableFuture.delayedExecutor(MOST_MINUTES, TimeUnit.MINUTES).execute(this::endHanging);
    }

    private void endHanging() {
        if (process.isAlive()) {
            try {
                System.err.println(stacksOfExecutors());
                signal("QUIT", process()); // has a JVM print its stacks
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** What the threads of all executors on this machine do, for whoever looks why a test hung. */
    private static String stacksOfExecutors() throws IOException {
        StringBuilder stacks = new StringBuilder();
        String jstack =
                Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
        for (ProcessHandle executor :
                ProcessHandle.allProcesses().filter(Submission::isExecutor).toList()) {
            Process process = new ProcessBuilder(jstack, Long.toString(executor.pid()))
                    .redirectErrorStream(true)
                    .start();
            stacks.append("executor ").append(executor.pid()).append('\n');
            stacks.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return stacks.toString();
    }

    private static boolean isExecutor(ProcessHandle process) {
        try {
            Path command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return Files.readString(command, StandardCharsets.ISO_8859_1).contains("CoarseGrainedExecutorBackend");
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }

    /** The version of Spark that the jar is built for. */
    static String sparkVersion() throws IOException {
        return Files.readString(REPOSITORY.resolve("target/submit.built")).split(" ", 2)[0];
    }

    /** Kindling's jar and those that Spark lacks, as Spark takes them. */
    static String jars() throws IOException {
        String jar = Files.readString(REPOSITORY.resolve("target/submit.built")).split(" ", 2)[1];
        return REPOSITORY.resolve("target").resolve(jar) + "," + jarsIn("lib");
    }

    /** The jars in a folder of target, as Spark takes them. */
    static String jarsIn(String folder) throws IOException {
        try (Stream<Path> jars = Files.list(REPOSITORY.resolve("target").resolve(folder))) {
            return jars.map(Path::toString).collect(Collectors.joining(","));
        }
    }

    /** A whole Spark distribution of that version, a SPARK_HOME. */
    public static Path distribution() throws IOException {
        String version = sparkVersion();
        Path distribution = REPOSITORY.resolve("target/pyspark-" + version + "/spark");
        assertThat(distribution.resolve("bin/spark-submit"))
                .as("a Spark distribution; make it with: dev/spark-distribution.sh " + version)
                .exists();
        return distribution;
    }

    /** Starts submit.sh. */
    public static Submission start(Map<String, String> environment, List<String> arguments) throws IOException {
        return start(List.of(), environment, arguments);
    }

    /** Starts a run on one machine, to which nothing happens: its digest is what those of others are compared with. */
    static Submission undisturbed(String steps, Path model) throws IOException {
        List<String> arguments = List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false", "train");
        return start(
                Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
                Stream.concat(arguments.stream(), Stream.of("--iterations", steps, "--model", model.toString()))
                        .toList());
    }

    /** Starts it by a command that runs the command after it. */
    static Submission start(List<String> prefix, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(REPOSITORY.resolve("submit.sh").toString());
        command.addAll(arguments);
        return run(environment, command);
    }

    /** Starts what a shell makes of a command. */
    static Submission shell(Map<String, String> environment, String command) throws IOException {
        return run(environment, List.of("bash", "-c", command));
    }

    /**
     * Starts a program of the tests that opens a session of its own.
     *
     * @param folder where it and executors that it starts itself write
     */
    static Submission program(Class<?> main, Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Xmx1g", "-Dlog4j2.configurationFile=" + REPOSITORY + "/conf/log4j2.properties"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Map<String, String> all = new HashMap<>(environment);
        all.put(
                "SPARK_HOME",
                REPOSITORY.resolve("target/spark-" + sparkVersion()).toString());
        all.put("SPARK_SCALA_VERSION", "2.13");
        return run(folder, all, command);
    }

    /** Starts any command. */
    static Submission run(Map<String, String> environment, List<String> command) throws IOException {
        return run(REPOSITORY, environment, command);
    }

    private static Submission run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        return new Submission(builder.start());
    }

    /** Reads stdout up to a line. */
    public Submission await(String part) throws IOException {
        String line = nextLine();
        while (line != null && !line.contains(part)) {
            line = nextLine();
        }
        assertThat(line)
                .as("a line with '%s' after %s%s", part, read, line == null ? err.join() : "")
                .isNotNull();
        return this;
    }

    /** Reads stdout up to a line with a part, and of several that are there already the last; null if the process has ended. */
    String newest(String part) throws IOException {
        String found = null;
        for (String line = nextLine(); line != null; line = nextLine()) {
            if (line.contains(part)) {
                found = line;
            }
            if (found != null && !out.ready()) {
                return found;
            }
        }
        return null;
    }

    private String nextLine() throws IOException {
        String line = out.readLine();
        if (line != null) {
            read.append(line).append('\n');
        }
        return line;
    }

    /** The driver. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Sends STOP, CONT, QUIT, PWR or KILL. A process that is killed lives on for a while, so its end is waited for. */
    static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
        if (name.equals("KILL")) {
            process.onExit().join();
        }
    }

    /** Waits for the end. */
    public Result result() throws IOException, InterruptedException {
        while (nextLine() != null) {
            // All is kept.
        }
        return new Result(process.waitFor(), read.toString(), err.join());
    }
}
