package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Environment;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Version;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an ONNX file says of a model beside its graph: provenance and digest, the names of columns, and the type of labels. The
 * graph has the rest, and nothing of it is here again.
 *
 * @param file its name, for messages
 */
record Metadata(String file, Map<String, String> entries) {
    private static final String PREFIX = "kindling.";
    private static final String RECIPE = "recipe.";

    /** What there is to be said of a model. */
    static Map<String, String> of(Model model) {
        Map<String, String> entries = new LinkedHashMap<>();
        Provenance from = model.provenance();
        entries.put("version", Version.kindling());
        entries.put("digest", model.digest());
        model.signature().ifPresent(signature -> addSignature(signature, entries));
        entries.put("data", from.data());
        entries.put("rows", String.valueOf(from.rows()));
        entries.put("fingerprint", from.fingerprint());
        entries.put("steps", String.valueOf(from.steps()));
        entries.put("loss", String.valueOf(from.loss()));
        entries.put("accuracy", String.valueOf(from.accuracy()));
        entries.put("validation-rows", String.valueOf(from.validationRows()));
        entries.put("validation-loss", String.valueOf(from.validationLoss()));
        entries.put("validation-accuracy", String.valueOf(from.validationAccuracy()));
        entries.put("made-by", from.environment().kindling());
        entries.put("spark", from.environment().spark());
        entries.put("jvm", from.environment().jvm());
        entries.put("blas", from.environment().blas());
        entries.put("cpu", from.environment().cpu());
        entries.put("exchange", from.exchange());
        entries.put("time", from.time().toString());
        new TreeMap<>(from.recipe()).forEach((name, value) -> entries.put(RECIPE + name, value));
        return entries.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> PREFIX + entry.getKey(), Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static void addSignature(Signature signature, Map<String, String> entries) {
        Inputs inputs = signature.inputs();
        entries.put("form", inputs.form().name());
        entries.put("columns", lines(inputs.columns()));
        signature.labels().ifPresent(labels -> {
            entries.put("label", labels.column());
            entries.put("label-type", labels.type());
            if (List.of("FLOAT", "DOUBLE").contains(labels.type())) {
                entries.put("labels", lines(labels.values()));
            }
        });
        signature.targets().ifPresent(targets -> entries.put("targets", lines(targets.columns())));
    }

    /** Whether Kindling wrote the file; if it says so and did not, what is here does not fit the graph, or is right. */
    boolean isOfKindling() {
        return entries.containsKey(PREFIX + "version");
    }

    /** Empty for a model without a signature. */
    Optional<FeatureForm> form() {
        return Optional.ofNullable(entries.get(PREFIX + "form")).map(name -> read("form", FeatureForm::valueOf));
    }

    List<String> columns() {
        return texts("columns");
    }

    String labelColumn() {
        return text("label");
    }

    String labelType() {
        return text("label-type");
    }

    /**
     * The texts of labels that have a point, which not every JVM writes alike.
     *
     * @param labels of the graph, which they must stand for
     */
    Optional<List<String>> labels(Tensor labels) {
        if (labels == null || !entries.containsKey(PREFIX + "labels")) {
            return Optional.empty();
        }
        List<String> texts = texts("labels");
        return Optional.of(read("labels", text -> {
            if (!labels.isOf(texts)) {
                throw new IllegalArgumentException("other labels than those of the graph");
            }
            return texts;
        }));
    }

    List<String> targets() {
        return texts("targets");
    }

    Provenance provenance() {
        if (!isOfKindling()) {
            return Provenance.imported(file, "");
        }
        return new Provenance(
                entries.keySet().stream()
                        .filter(key -> key.startsWith(PREFIX + RECIPE))
                        .collect(Collectors.toMap(key -> key.substring((PREFIX + RECIPE).length()), entries::get)),
                text("data"),
                read("rows", Long::valueOf),
                text("fingerprint"),
                read("steps", Integer::valueOf),
                read("loss", Double::valueOf),
                read("accuracy", Double::valueOf),
                read("validation-rows", Long::valueOf),
                read("validation-loss", Double::valueOf),
                read("validation-accuracy", Double::valueOf),
                new Environment(text("made-by"), text("spark"), text("jvm"), text("blas"), text("cpu")),
                text("exchange"),
                read("time", Instant::parse));
    }

    /** Refuses a graph that was changed since its provenance was written. */
    void checkDigest(Model model) {
        if (isOfKindling() && !model.digest().equals(text("digest"))) {
            throw new KindlingException(
                    file + ": found parameters, scales and labels that do not match the digest in its"
                            + " metadata, expected what Kindling wrote; without the entries of Kindling it is read as another"
                            + " program's");
        }
    }

    private String text(String name) {
        String text = entries.get(PREFIX + name);
        if (text == null) {
            throw new KindlingException(
                    file + ": metadata: found no " + PREFIX + name + ", expected it with " + PREFIX + "version");
        }
        return text;
    }

    private <T> T read(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new KindlingException(
                    file + ": metadata: found '" + text + "' as " + PREFIX + name + ", expected what Kindling wrote",
                    e);
        }
    }

    /** One text a line, with what would end a line written as in Java. */
    private static String lines(List<String> texts) {
        return texts.stream()
                .map(text -> text.replace("\\", "\\\\").replace("\n", "\\n"))
                .collect(Collectors.joining("\n"));
    }

    private List<String> texts(String name) {
        return read(
                name,
                text -> Stream.of(text.split("\n", -1))
                        .map(String::translateEscapes)
                        .toList());
    }
}
