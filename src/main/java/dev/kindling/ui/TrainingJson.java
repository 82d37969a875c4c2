package dev.kindling.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the page shows, as JSON: docs/training-tab.md has the names, which stay. A missing number is null. */
final class TrainingJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrainingJson() {}

    /** An array, an object for each run. */
    static ArrayNode of(List<TrainingRun> runs) {
        ArrayNode array = JSON.createArrayNode();
        runs.forEach(run -> array.add(of(run)));
        return array;
    }

    private static ObjectNode of(TrainingRun run) {
        TrainingStarted started = run.started();
        ObjectNode json = JSON.createObjectNode()
                .put("run", run.id())
                .put("name", started.name())
                .put("status", run.status())
                .put("why", run.why())
                .put("begun", started.time())
                .put("layers", started.layers())
                .put("data", started.data())
                .put("trainingRows", started.trainingRows())
                .put("validationRows", started.validationRows())
                .put("fingerprint", started.fingerprint())
                .put("kernels", started.blas())
                .put("step", run.step())
                .put("steps", started.steps())
                .put("rowsPerSecond", finite(run.rowsPerSecond()))
                .put("secondsLeft", run.isRunning() ? finite(run.secondsLeft()) : null);
        json.set("recipe", JSON.valueToTree(started.recipe()));
        json.set("seconds", JSON.valueToTree(run.cost()));
        ArrayNode history = json.putArray("history");
        run.steps().forEach(step -> history.add(of(step)));
        ArrayNode evaluations = json.putArray("evaluations");
        run.evaluations().forEach(step -> evaluations.add(of(step)));
        ArrayNode recent = json.putArray("recent");
        run.recent().forEach(step -> recent.add(of(step.step()).put("job", step.job())));
        if (run.state() != null) {
            json.set(
                    "state",
                    of(run.state()).put("parametersSha256", run.digest().orElse(null)));
        }
        return json;
    }

    /** As in the event log, but for what is time since training began here. */
    private static ObjectNode of(TrainingStep step) {
        ObjectNode json = JSON.valueToTree(step);
        json.remove(List.of("Event", "run"));
        json.set("time", json.remove("seconds"));
        json.properties().forEach(field -> {
            if (field.getValue().isDouble()) {
                field.setValue(JSON.valueToTree(finite(field.getValue().doubleValue())));
            }
        });
        return json;
    }

    /** Without the parameters: their digest instead. */
    private static ObjectNode of(TrainingState state) {
        ObjectNode json = JSON.createObjectNode().put("step", state.step()).put("confusionStep", state.confusionStep());
        json.set("deadUnits", JSON.valueToTree(state.deadUnits()));
        json.set("confusion", JSON.valueToTree(state.confusion()));
        json.set("partitions", JSON.valueToTree(state.partitions()));
        return json;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
