package dev.kindling.storage;

import com.fasterxml.jackson.core.JsonToken;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the parts of a {@link Signature} from JSON, as {@link JsonWriter} writes them, in any order. */
final class JsonSignature {
    private final JsonTokens json;
    private Optional<Inputs> inputs = Optional.empty();
    private Optional<Labels> labels = Optional.empty();
    private Optional<Targets> targets = Optional.empty();

    JsonSignature(JsonTokens json) {
        this.json = json;
    }

    /** Reads the part that a field of the document has; false if it has none. */
    boolean read(String field) throws IOException {
        switch (field) {
            case "inputs" -> {
                Part part = part(field, List.of("form", "columns", "shift", "deviation"));
                inputs = made(
                        field,
                        () -> new Inputs(FeatureForm.of(part.text("form")), part.texts("columns"), part.scale()));
            }
            case "labels" -> {
                Part part = part(field, List.of("column", "type", "values"));
                labels = made(field, () -> new Labels(part.text("column"), part.text("type"), part.texts("values")));
            }
            case "targets" -> {
                Part part = part(field, List.of("columns", "shift", "deviation"));
                targets = made(field, () -> new Targets(part.texts("columns"), part.scale()));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** All of it; empty where there was no part. */
    Optional<Signature> signature() throws IOException {
        boolean isOne = labels.isPresent() != targets.isPresent();
        if (inputs.isPresent() ? !isOne : labels.isPresent() || targets.isPresent()) {
            throw json.wrong("inputs with either labels or targets, or none of them");
        }
        return inputs.map(given -> new Signature(given, labels, targets));
    }

    /** The values of an object by their names: text, lists of text, or numbers. */
    private record Part(Map<String, Object> values) {
        String text(String name) {
            return (String) values.get(name);
        }

        @SuppressWarnings("unchecked") // as it was read
        List<String> texts(String name) {
            return (List<String>) values.get(name);
        }

        Standardisation scale() {
            return new Standardisation((double[]) values.get("shift"), (double[]) values.get("deviation"));
        }
    }

    private Part part(String field, List<String> names) throws IOException {
        Map<String, Object> values = new HashMap<>();
        json.next(JsonToken.START_OBJECT, field + " to be an object");
        while (json.nextField()) {
            String name = json.field();
            if (name == null || !names.contains(name)) {
                throw json.wrong(String.join(", ", names) + " in " + field);
            }
            String path = field + "." + name;
            values.put(
                    name,
                    switch (name) {
                        case "columns", "values" -> json.texts(path);
                        case "shift", "deviation" -> json.numbers(path);
                        default -> json.text(path);
                    });
        }
        if (values.size() < names.size()) {
            throw json.wrong("all of " + String.join(", ", names) + " in " + field);
        }
        return new Part(values);
    }

    private <T> Optional<T> made(String field, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (KindlingException e) {
            throw json.wrong(field, e);
        }
    }
}
