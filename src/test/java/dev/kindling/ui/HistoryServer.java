package dev.kindling.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.cli.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Spark's History Server on a folder of event logs, in a process of its own. */
final class HistoryServer implements AutoCloseable {
    /** The folder to have on a class path for {@link NamedUser}. */
    static final String FILTERS =
            Submission.REPOSITORY.resolve("target/test-classes").toString();

    private final Process process;
    private final String url;

    /** @param hasKindling whether Kindling's jar is on its class path */
    HistoryServer(Path logs, boolean hasKindling) throws IOException {
        this(logs, "history-server-" + hasKindling, hasKindling ? List.of(jar()) : List.of(), List.of());
    }

    /** One that looks who may see an application. */
    static HistoryServer withNamedUsers(Path logs) throws IOException {
        return new HistoryServer(
                logs,
                "history-server-with-users",
                List.of(jar(), FILTERS),
                List.of(
                        "-Dspark.ui.filters=" + NamedUser.class.getName(),
                        "-Dspark.user.groups.mapping=",
                        "-Dspark.history.ui.acls.enable=true"));
    }

    private HistoryServer(Path logs, String name, List<String> classPath, List<String> options) throws IOException {
        int port = WebServers.freePort();
        url = "http://127.0.0.1:" + port;
        List<String> all = new ArrayList<>(classPath);
        all.add(target() + "/spark-" + built()[0] + "/jars/*");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", String.join(":", all)));
        command.addAll(List.of(
                "-Dspark.history.fs.logDirectory=" + logs.toUri(),
                "-Dspark.history.fs.update.interval=1s",
                "-Dspark.history.ui.port=" + port,
                "-Dspark.port.maxRetries=0",
                "-Dspark.ui.contentSecurityPolicy.enabled=true"));
        command.addAll(options);
        command.add("org.apache.spark.deploy.history.HistoryServer");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Path log = logs.resolveSibling(name + ".log");
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static Path target() {
        return Submission.REPOSITORY.resolve("target");
    }

    /** The version of Spark and the name of the jar. */
    private static String[] built() throws IOException {
        return Files.readString(target().resolve("submit.built")).split(" ", 2);
    }

    private static String jar() throws IOException {
        return target().resolve(built()[1]).toString();
    }

    /** Where the UI of the only application begins. */
    String application() throws IOException, InterruptedException {
        return application(url, process.toHandle());
    }

    /** The same of any other. */
    static String application(String url, ProcessHandle server) throws IOException, InterruptedException {
        String found = WebServers.await(url + "/api/v1/applications", "\"id\"", server);
        return url + "/history/"
                + new ObjectMapper().readTree(found).get(0).get("id").asText();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
