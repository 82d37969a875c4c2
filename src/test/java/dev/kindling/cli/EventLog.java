package dev.kindling.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The event log of one application, which may still run. */
final class EventLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /** @param parent where it gets a folder of its own */
    EventLog(Path parent) throws IOException {
        folder = Files.createDirectory(parent.resolve("events"));
    }

    /** What has Spark write it. */
    List<String> settings() {
        return List.of(
                "spark.eventLog.enabled=true",
                "spark.eventLog.dir=file://" + folder,
                "spark.eventLog.compress=false",
                "spark.eventLog.rolling.enabled=false");
    }

    /** The descriptions of the jobs that took steps. */
    List<String> jobsOfSteps() throws IOException {
        return starts().stream()
                .map(start ->
                        start.path("Properties").path("spark.job.description").asText())
                .toList();
    }

    /** For each stage that took steps, the names of the executors that its tasks ran on. */
    List<Set<String>> executorsOfSteps() throws IOException {
        Map<Integer, Set<String>> byStage = new HashMap<>();
        starts().forEach(
                        start -> start.path("Stage IDs").forEach(stage -> byStage.put(stage.asInt(), new HashSet<>())));
        for (JsonNode end : events("SparkListenerTaskEnd")) {
            byStage.getOrDefault(end.path("Stage ID").asInt(), new HashSet<>())
                    .add(end.path("Task Info").path("Executor ID").asText());
        }
        return List.copyOf(byStage.values());
    }

    private List<JsonNode> starts() throws IOException {
        return events("SparkListenerJobStart").stream()
                .filter(start ->
                        start.path("Properties").path("kindling.step").asText().equals("true"))
                .toList();
    }

    private List<JsonNode> events(String name) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        try (Stream<Path> logs = Files.list(folder)) {
            Path log = logs.filter(file -> !file.getFileName().toString().startsWith("."))
                    .findFirst()
                    .orElseThrow();
            for (String line : Files.readAllLines(log)) {
                if (line.startsWith("{\"Event\":\"" + name + "\"")) {
                    try {
                        events.add(JSON.readTree(line));
                    } catch (JsonProcessingException e) {
                        break; // a line that is being written
                    }
                }
            }
        }
        return events;
    }
}
