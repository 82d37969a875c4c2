package dev.kindling.ui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.network.Architecture;
import dev.kindling.network.Trace;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers a drawing with what the network of a run makes of it.
 *
 * <p>Takes a POST of {@code {"run": 1, "pixels": [784 numbers in 0..1]}} as {@code application/json}, and gives {@code
 * {"step": 7, "probabilities": [...], "activations": [[...], ...]}}, or a status of 400 or more and {@code {"error":
 * "..."}}. Nothing is changed, and nothing is kept.
 */
final class DigitServlet extends HttpServlet {
    static final int PIXELS = 784;

    private static final long serialVersionUID = 1L;
    /** Room for 784 numbers of twenty digits. */
    private static final int MOST_BYTES = 20_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient TrainingRuns runs;

    DigitServlet(TrainingRuns runs) {
        this.runs = runs;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json;charset=utf-8");
        ObjectNode answer = JSON.createObjectNode();
        try {
            answer = answer(drawing(request));
        } catch (Refusal e) {
            response.setStatus(e.status);
            answer.put("error", e.getMessage());
        }
        JSON.writeValue(response.getOutputStream(), answer);
    }

    /** A request that cannot be answered, and the status that says so. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private static JsonNode drawing(HttpServletRequest request) throws IOException, Refusal {
        String type = request.getContentType();
        if (type == null || !type.startsWith("application/json")) {
            throw new Refusal(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, "expected application/json");
        }
        byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new Refusal(
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "expected at most " + MOST_BYTES + " bytes");
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refusal(HttpServletResponse.SC_BAD_REQUEST, "expected JSON");
        }
    }

    private ObjectNode answer(JsonNode drawing) throws Refusal {
        TrainingRun run = runs.find(drawing.path("run").asInt())
                .filter(found -> found.state() != null)
                .orElseThrow(() -> new Refusal(HttpServletResponse.SC_NOT_FOUND, "found no such run"));
        float[] pixels = pixels(drawing.path("pixels"));
        Trace trace = trace(run, pixels);
        ObjectNode answer = JSON.createObjectNode().put("step", run.state().step());
        int layers = trace.architecture().layers();
        answer.set("probabilities", JSON.valueToTree(trace.activationsOf(layers - 1)));
        for (int l = 0; l < layers - 1; l++) {
            answer.withArray("activations").add(JSON.valueToTree(trace.activationsOf(l)));
        }
        return answer;
    }

    private static float[] pixels(JsonNode node) throws Refusal {
        float[] pixels = new float[PIXELS];
        boolean isRight = node.isArray() && node.size() == PIXELS;
        for (int k = 0; k < PIXELS && isRight; k++) {
            double pixel = node.get(k).isNumber() ? node.get(k).doubleValue() : Double.NaN;
            isRight = pixel >= 0 && pixel <= 1;
            pixels[k] = (float) pixel;
        }
        if (!isRight) {
            throw new Refusal(HttpServletResponse.SC_BAD_REQUEST, "expected " + PIXELS + " pixels, each from 0 to 1");
        }
        return pixels;
    }

    private static Trace trace(TrainingRun run, float[] pixels) throws Refusal {
        Architecture architecture = run.architecture()
                .filter(network -> network.inputs() == PIXELS && run.hasParameters())
                .orElseThrow(() -> new Refusal(
                        HttpServletResponse.SC_CONFLICT, "this run has no parameters for " + PIXELS + " inputs"));
        return new Trace(architecture, run.state().parameters(), pixels, 0);
    }
}
