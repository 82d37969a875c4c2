package dev.kindling.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kindling.network.Architecture;
import dev.kindling.network.Standardisation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes parameters as JSON, for NumPy programs: {@code {"hidden_layer": {"weights": [[...784] x10], "biases": [[b]
 * x10]}, "output_layer": {"weights": [[...10] x10], "biases": [[b] x10]}}}. Weights have the shape (units, inputs), so
 * that z = W x + b, and biases are a column. A network that does not have two layers has
 * {@code {"layers": [...]}} instead, from the first to the last.
 *
 * <p>A model of a table's columns has its {@link Signature} before that: {@code "inputs": {"form": "COLUMNS", "columns":
 * ["a", "b"], "shift": [...], "deviation": [...]}}, and {@code "labels": {"column": "kind", "type": "STRING", "values":
 * ["no", "yes"]}} or {@code "targets": {"columns": ["price"], "shift": [...], "deviation": [...]}}. The network sees
 * (value - shift) / deviation, or 0 where the deviation is 0.
 *
 * <p>Each number is written as the double that equals the float, so that a program in float64 has the same parameters, and
 * {@link JsonReader} gives back the same bits.
 */
public final class JsonWriter {
    private JsonWriter() {}

    /**
     * Writes a whole document.
     *
     * @param out not closed
     */
    public static void write(Model model, OutputStream out) throws IOException {
        Architecture architecture = model.architecture();
        JsonGenerator json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        if (model.signature().isPresent()) {
            writeSignature(json, model.signature().get());
        }
        if (architecture.layers() == 2) {
            json.writeFieldName("hidden_layer");
            writeLayer(json, model, 0);
            json.writeFieldName("output_layer");
            writeLayer(json, model, 1);
        } else {
            json.writeArrayFieldStart("layers");
            for (int l = 0; l < architecture.layers(); l++) {
                writeLayer(json, model, l);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }

    private static void writeSignature(JsonGenerator json, Signature signature) throws IOException {
        Inputs inputs = signature.inputs();
        json.writeObjectFieldStart("inputs");
        json.writeStringField("form", inputs.form().name());
        writeTexts(json, "columns", inputs.columns());
        writeScale(json, inputs.standardisation());
        json.writeEndObject();
        if (signature.labels().isPresent()) {
            Labels labels = signature.labels().get();
            json.writeObjectFieldStart("labels");
            json.writeStringField("column", labels.column());
            json.writeStringField("type", labels.type());
            writeTexts(json, "values", labels.values());
            json.writeEndObject();
        }
        if (signature.targets().isPresent()) {
            Targets targets = signature.targets().get();
            json.writeObjectFieldStart("targets");
            writeTexts(json, "columns", targets.columns());
            writeScale(json, targets.standardisation());
            json.writeEndObject();
        }
    }

    private static void writeTexts(JsonGenerator json, String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void writeScale(JsonGenerator json, Standardisation scale) throws IOException {
        json.writeFieldName("shift");
        json.writeArray(scale.shift(), 0, scale.inputs());
        json.writeFieldName("deviation");
        json.writeArray(scale.deviation(), 0, scale.inputs());
    }

    private static void writeLayer(JsonGenerator json, Model model, int l) throws IOException {
        Architecture architecture = model.architecture();
        int units = architecture.units(l);
        json.writeStartObject();
        json.writeArrayFieldStart("weights");
        for (int u = 0; u < units; u++) {
            json.writeStartArray();
            for (int i = 0; i < architecture.inputs(l); i++) {
                writeNumber(json, model.parameters()[architecture.weights(l) + i * units + u]);
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("biases");
        for (int u = 0; u < units; u++) {
            json.writeStartArray();
            writeNumber(json, model.parameters()[architecture.biases(l) + u]);
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeNumber(JsonGenerator json, double number) throws IOException {
        json.writeNumber(number);
    }
}
