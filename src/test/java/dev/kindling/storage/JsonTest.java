package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.Mutations;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String HIDDEN = "'hidden_layer': {'weights': [[1, 2, 3], [4, 5, 6]], 'biases': [[7], [8]]}";
    private static final String OUTPUT = "'output_layer': {'weights': [[-1, 0.5]], 'biases': [9e-3]}";

    private static final String INPUTS =
            "'inputs': {'form': 'COLUMNS', 'columns': ['a', 'b', 'c'], 'shift': [0, -1.5, 1e9], 'deviation': [1, 0, 1e-300]}";
    private static final String LABELS = "'labels': {'column': 'kind', 'type': 'INT', 'values': ['-7']}";
    private static final String TARGETS = "'targets': {'columns': ['price'], 'shift': [0.1], 'deviation': [3]}";

    private static final Standardisation SCALE = new Standardisation(
            new double[] {0.1, -0.0, Double.MAX_VALUE}, new double[] {Double.MIN_VALUE, 0, 1.0 / 3});

    private static final Inputs COLUMNS =
            new Inputs(FeatureForm.COLUMNS, List.of("a", "b \"c\"\n\u0000", "\u00e7.`d \uD83D\uDE42"), SCALE);

    private static JsonReader.Parameters read(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return JsonReader.read("weights.json", new ByteArrayInputStream(bytes));
    }

    private static Model model(String layers) {
        Architecture architecture = Architecture.parse(layers);
        return new Model(architecture, Initialisation.HE.draw(architecture, 1), Provenance.imported("", ""));
    }

    private static Model model(Signature signature) {
        boolean isRegression = signature.targets().isPresent();
        Architecture architecture = new Architecture(List.of(3, 4, 3), isRegression ? Output.IDENTITY : Output.SOFTMAX);
        return new Model(
                architecture,
                Initialisation.HE.draw(architecture, 1),
                Provenance.imported("", ""),
                Optional.of(signature));
    }

    /** A model of each kind, with all that may be in names and scales. */
    static List<Model> modelsOfTables() {
        Labels labels = new Labels("kind", "STRING", List.of("", "a,b", "\u65e5\u672c"));
        return List.of(
                model(new Signature(COLUMNS, Optional.of(labels), Optional.empty())),
                model(new Signature(
                        new Inputs(FeatureForm.VECTOR, List.of("features"), SCALE),
                        Optional.of(new Labels("y", "DECIMAL(5,2)", List.of("-1.50", "0.00", "7.25"))),
                        Optional.empty())),
                model(new Signature(
                        COLUMNS, Optional.empty(), Optional.of(new Targets(List.of("x", "y", "\u00df"), SCALE)))));
    }

    private static Model model(JsonReader.Parameters read) {
        return new Model(read.architecture(), read.parameters(), Provenance.imported("", ""), read.signature());
    }

    @ParameterizedTest
    @MethodSource("modelsOfTables")
    void aModelOfATableComesBackWithNamesAndScalesAndTheSameDigest(Model model) throws IOException {
        Models.assertSame(model(read(write(model))), model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{INPUTS, LABELS, HIDDEN, OUTPUT}", "{OUTPUT, TARGETS, HIDDEN, INPUTS}"})
    void thePartsMayComeInAnyOrder(String json) {
        Signature signature = read(filled(json)).signature().orElseThrow();
        assertThat(signature.inputs().columns()).containsExactly("a", "b", "c");
        assertThat(signature.inputs().standardisation().shift()).containsExactly(0, -1.5, 1e9);
        assertThat(signature.inputs().standardisation().deviation()).containsExactly(1, 0, 1e-300);
        assertThat(signature.labels().map(labels -> labels.value(0)))
                .isEqualTo(json.contains("LABELS") ? Optional.of(-7) : Optional.empty());
        assertThat(read(filled("{HIDDEN, OUTPUT}")).signature()).isEmpty();
    }

    private static String filled(String json) {
        return json.replace("HIDDEN", HIDDEN)
                .replace("OUTPUT", OUTPUT)
                .replace("INPUTS", INPUTS)
                .replace("LABELS", LABELS)
                .replace("TARGETS", TARGETS);
    }

    /** Thousands of damaged files: what is read at all is a model, which can be written and read again. */
    @Test
    void damagedFilesAreReadAsModelsOrRefusedInOneLine() throws IOException {
        List<Model> models = new ArrayList<>(modelsOfTables());
        models.add(model("3,4,3"));
        for (Model whole : models) {
            Mutations.damage(write(whole).getBytes(StandardCharsets.UTF_8), 1_000, 8 << 20, bytes -> {
                Model read = model(JsonReader.read("weights.json", new ByteArrayInputStream(bytes)));
                assertThat(model(read(write(read))).digest()).isEqualTo(read.digest());
            });
        }
    }

    private static String write(Model model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonWriter.write(model, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{HIDDEN, OUTPUT}",
                "{OUTPUT, HIDDEN}",
                "{'layers': [{'weights': [[1, 2, 3], [4, 5, 6]], 'biases': [7, 8]}, {'biases': [[0.009]], 'weights': [[-1, 0.5]]}]}"
            })
    void weightsAreTransposedAndBiasesAreAColumnOrFlat(String json) {
        JsonReader.Parameters read = read(filled(json));
        assertThat(read.architecture()).isEqualTo(Architecture.parse("3,2,1"));
        assertThat(read.parameters()).containsExactly(1, 4, 2, 5, 3, 6, 7, 8, -1, 0.5f, 0.009f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3,2", "784,10,10", "5,4,3,2"})
    void whatIsReadIsWhatWasWrittenBitForBit(String layers) throws IOException {
        Model model = model(layers);
        JsonReader.Parameters read = read(write(model));
        assertThat(read.architecture()).isEqualTo(model.architecture());
        assertThat(read.parameters()).isEqualTo(model.parameters());
    }

    @Test
    void aNumberIsWrittenAsTheDoubleThatEqualsTheFloat() throws IOException {
        Model model = model("784,10,10");
        JsonNode json = new ObjectMapper().readTree(write(model));
        JsonNode weights = json.get("hidden_layer").get("weights");
        assertThat(weights).hasSize(10);
        assertThat(weights.get(3)).hasSize(784);
        assertThat(weights.get(3).get(100).doubleValue()).isEqualTo(model.parameters()[100 * 10 + 3]);
        assertThat(json.get("output_layer").get("biases").get(9)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1]                      | found [ at line 1, expected an object with hidden_layer",
                "                         | found the end of the file at line 1, expected an object",
                "{                        | not JSON: Unexpected end-of-input",
                "{HIDDEN}                 | expected both of hidden_layer and output_layer, or layers",
                "{}                       | expected both of hidden_layer and output_layer, or layers",
                "{HIDDEN, OUTPUT, 'layers': [{'weights': [[1]], 'biases': [1]}]} | expected both of hidden_layer",
                "{HIDDEN, HIDDEN}         | not JSON: Duplicate field 'hidden_layer'",
                "{INPUTS, HIDDEN, OUTPUT} | expected inputs with either labels or targets, or none of them",
                "{LABELS, HIDDEN, OUTPUT} | expected inputs with either labels or targets, or none of them",
                "{INPUTS, LABELS, TARGETS, HIDDEN, OUTPUT} | expected inputs with either labels or targets",
                "{INPUTS, INPUTS}         | not JSON: Duplicate field 'inputs'",
                "{'inputs': []}           | found [ at line 1, expected inputs to be an object",
                "{'inputs': {'form': 1}}  | found 1 at line 1, expected inputs.form to be text",
                "{'inputs': {'size': 1}}  | found size at line 1, expected form, columns, shift, deviation in inputs",
                "{'labels': {'column': 'a'}} | expected all of column, type, values in labels",
                "{'labels': {'column': 'a', 'type': 'INT', 'values': [1]}} | found 1 at line 1, expected labels.values to hold text",
                "{'labels': {'column': 'a', 'type': 'INT', 'values': ['x']}} | labels: found label 'x', expected a value of type INT",
                "{'labels': {'column': 'a', 'type': 'MAP', 'values': ['x']}} | labels: found labels of type 'MAP'",
                "{'labels': {'column': 'a', 'type': 'INT', 'values': ['1', '1']}} | labels: found the same label twice",
                "{'targets': {'columns': ['a'], 'shift': [0], 'deviation': [-1]}} | targets: found a deviation below 0",
                "{'targets': {'columns': ['a'], 'shift': [1e999], 'deviation': [1]}} | found 1e999 at line 1, expected targets.shift to hold finite numbers",
                "{'targets': {'columns': ['a'], 'shift': [0, 1], 'deviation': [1]}} | targets: found 2 shifts and 1 deviations",
                "{'targets': {'columns': ['a', 'b'], 'shift': [0], 'deviation': [1]}} | targets: found 2 columns of targets and 1 scales",
                "{'inputs': {'form': 'PILES', 'columns': ['a'], 'shift': [0], 'deviation': [1]}} | inputs: found inputs of form 'PILES'",
                "{'inputs': {'form': 'ARRAY', 'columns': ['a', 'b'], 'shift': [0], 'deviation': [1]}} | inputs: found 2 columns for 1 inputs of form ARRAY, expected 1",
                "{INPUTS, LABELS, 'layers': [{'weights': [[1, 2]], 'biases': [1]}]} | found 3 inputs and 1 outputs, expected those of layers 2,1",
                "{HIDDEN, OUTPUT} x       | not JSON: Unrecognized token 'x'",
                "{HIDDEN, OUTPUT} {}      | found { at line 1, expected the end of the file",
                "{HIDDEN, 'extra': 1}     | found extra at line 1, expected hidden_layer and output_layer, or layers",
                "{'hidden_layer': {'weights': [[1, 2], [3]], 'biases': [1, 2]}} | hidden_layer.weights[1]: found 1 numbers, expected 2",
                "{'hidden_layer': {'weights': [[1, 2]], 'biases': [1, 2]}}      | found 1 rows of weights and 2 biases",
                "{'hidden_layer': {'weights': [[1, 'two']], 'biases': [1]}}     | found two at line 1, expected hidden_layer.weights to hold numbers",
                "{'hidden_layer': {'weights': [[1, 1e39]], 'biases': [1]}}      | found 1e39 at line 1, expected hidden_layer.weights to hold numbers that fit",
                "{'hidden_layer': {'weights': [[1, NaN]], 'biases': [1]}}       | not JSON: Non-standard token 'NaN'",
                "{'hidden_layer': {'weights': [[[1]]], 'biases': [1]}}          | found [ at line 1, expected hidden_layer.weights to hold numbers",
                "{'hidden_layer': {'weights': [], 'biases': []}}                | expected at least one row in hidden_layer.weights",
                "{'layers': [{'weights': [[]], 'biases': [1]}]}                 | layers: found 0 in 0,1",
                "{'hidden_layer': {'weights': [[1]], 'biases': [[1, 2]]}}       | expected hidden_layer.biases to have one number in each row",
                "{'hidden_layer': {'weights': [[1]]}}                           | expected both weights and biases in hidden_layer",
                "{'layers': [1]}          | found 1 at line 1, expected layers[0] to be an object",
                "{'layers': [{'weights': [[1]], 'biases': [1]}, {'weights': [[1, 2]], 'biases': [1]}]} | layers[1].weights: found rows of 2 numbers, expected 1",
            })
    void whatIsNotOfTheFormatIsOneLineThatSaysWhere(String json, String message) {
        String text = json == null ? "" : filled(json);
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("weights.json: ")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"layers\":[", "{\"a\":"})
    void whatNeverEndsIsRefusedAtAnyDepth(String opening) {
        assertThatThrownBy(() -> read(opening.repeat(100_000)))
                .isInstanceOf(KindlingException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(300));
    }

    /** Spark's parser of types goes as deep as the brackets do. */
    @Test
    void namesAndTypesThatAreVeryLongAreRefused() {
        String name = "x".repeat(4_001);
        String type = "ARRAY<".repeat(600) + "INT" + ">".repeat(600);
        for (String part : List.of(
                "'column': '" + name + "', 'type': 'INT', 'values': ['1']",
                "'column': 'a', 'type': 'STRING', 'values': ['" + name + "']",
                "'column': 'a', 'type': '" + type.substring(0, 3_999) + "', 'values': ['1']")) {
            assertThatThrownBy(() -> read("{'labels': {" + part + "}}"))
                    .isInstanceOf(KindlingException.class)
                    .satisfies(e -> assertThat(e.getMessage())
                            .startsWith("weights.json: ")
                            .containsPattern("exceeds the maximum|found labels of type")
                            .hasLineCount(1));
        }
    }

    @Test
    void aRowOfTooManyNumbersIsRefusedBeforeItsEnd() {
        String zeros = "0,".repeat((1 << 24) + 1);
        isRefused("{'hidden_layer': {'weights': [[" + zeros, "16777216 in a row or column of hidden_layer.weights");
        isRefused("{'inputs': {'shift': [" + zeros, "16777216 in a row or column of inputs.shift");
        String layer = "{'hidden_layer': {";
        isRefused(layer + "'weights': [" + "[0],".repeat(70_000), "65536 in a row or column of hidden_layer.weights");
        isRefused(layer + "'biases': [" + "0,".repeat(70_000), "65536 in a row or column of hidden_layer.biases");
        isRefused("{'inputs': {'columns': [" + "'a',".repeat(70_000), "65536 in a row or column of inputs.columns");
    }

    private void isRefused(String json, String expected) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected at most " + expected);
    }
}
