package dev.kindling.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An API server of Kubernetes as Spark's client sees one: it keeps the pods that it is asked for, and says that they run. Executors
 * do: as processes of this machine, with the command that the entry point of Spark's image makes of a pod.
 */
final class KubernetesStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final Path spark;
    private final Path scratch;
    private final HttpServer server;
    private final Map<String, ObjectNode> pods = new ConcurrentHashMap<>();
    private final List<Process> executors = new ArrayList<>();

    /**
     * @param spark the distribution that executors run
     * @param scratch where they write
     */
    KubernetesStandIn(Path spark, Path scratch) throws IOException {
        this.spark = spark;
        this.scratch = scratch;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The pods that were asked for: those of a driver or of executors. */
    List<JsonNode> pods(String role) {
        return pods.values().stream()
                .filter(pod -> pod.at("/metadata/labels/spark-role").asText().equals(role))
                .collect(Collectors.toList());
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        switch (exchange.getRequestMethod()) {
            case "GET" -> reply(exchange, 200, found(path, query));
            case "DELETE" ->
                reply(exchange, 200, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Success\"}");
            default ->
                reply(
                        exchange,
                        201,
                        created(path, (ObjectNode) JSON.readTree(body)).toString());
        }
    }

    private ObjectNode created(String path, ObjectNode asked) throws IOException {
        asked.withObject("/metadata")
                .put("uid", "1")
                .put("namespace", "default")
                .put("resourceVersion", "1");
        if (path.equals(PODS)) {
            String name = asked.at("/metadata/name").asText();
            boolean isDriver = asked.at("/metadata/labels/spark-role").asText().equals("driver");
            asked.withObject("/status").put("phase", isDriver ? "Succeeded" : "Running");
            if (pods.put(name, asked) == null && !isDriver) {
                run(asked);
            }
        }
        return asked;
    }

    private String found(String path, String query) {
        if (query.contains("watch=true")) {
            return events();
        }
        ObjectNode pod = pods.get(path.substring(path.lastIndexOf('/') + 1));
        return pod == null ? list() : pod.toString();
    }

    private String list() {
        ObjectNode list = JSON.createObjectNode().put("kind", "PodList").put("apiVersion", "v1");
        list.withObject("/metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        pods.values().forEach(items::add);
        return list.toString();
    }

    private String events() {
        return pods.values().stream()
                .map(pod -> JSON.createObjectNode()
                        .put("type", "MODIFIED")
                        .set("object", pod)
                        .toString())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What the entry point of Spark's image does with the arguments and the environment of a pod. */
    private void run(JsonNode pod) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> environment = builder.environment();
        pod.at("/spec/containers/0/env").forEach(variable -> {
            String value = variable.has("value") ? variable.get("value").asText() : "127.0.0.1"; // the pod's address
            environment.put(variable.get("name").asText(), value);
        });
        environment.put("SPARK_LOCAL_DIRS", scratch.toString());
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("SPARK_JAVA_OPT_"))
                .forEach(variable -> command.add(variable.getValue()));
        command.addAll(List.of(
                "-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"),
                "-cp",
                spark + "/jars/*",
                "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
                "--driver-url",
                environment.get("SPARK_DRIVER_URL"),
                "--executor-id",
                environment.get("SPARK_EXECUTOR_ID"),
                "--cores",
                environment.get("SPARK_EXECUTOR_CORES"),
                "--app-id",
                environment.get("SPARK_APPLICATION_ID"),
                "--hostname",
                "127.0.0.1",
                "--resourceProfileId",
                environment.get("SPARK_RESOURCE_PROFILE_ID"),
                "--podName",
                pod.at("/metadata/name").asText()));
        // It puts the jars that it fetches where it stands.
        Path own = Files.createDirectory(scratch.resolve("executor-" + environment.get("SPARK_EXECUTOR_ID")));
        Process executor = builder.command(command)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("log").toFile())
                .start();
        synchronized (executors) {
            executors.add(executor);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        synchronized (executors) {
            executors.forEach(Process::destroyForcibly);
        }
    }
}
