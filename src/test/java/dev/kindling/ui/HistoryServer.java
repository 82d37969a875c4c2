package dev.kindling.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.cli.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Spark's History Server on a folder of event logs, in a process of its own. */
final class HistoryServer implements AutoCloseable {
    private final Process process;
    private final String url;

    /** @param hasKindling whether Kindling's jar is on its class path */
    HistoryServer(Path logs, boolean hasKindling) throws IOException {
        int port = WebServers.freePort();
        url = "http://127.0.0.1:" + port;
        Path target = Submission.REPOSITORY.resolve("target");
        String[] built = Files.readString(target.resolve("submit.built")).split(" ", 2);
        String sparks = target + "/spark-" + built[0] + "/jars/*";
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                hasKindling ? target + "/" + built[1] + ":" + sparks : sparks,
                "-Dspark.history.fs.logDirectory=" + logs.toUri(),
                "-Dspark.history.fs.update.interval=1s",
                "-Dspark.history.ui.port=" + port,
                "-Dspark.port.maxRetries=0",
                "-Dspark.ui.contentSecurityPolicy.enabled=true",
                "org.apache.spark.deploy.history.HistoryServer");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Path log = logs.resolveSibling("history-server-" + hasKindling + ".log");
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
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
