package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String HIDDEN = "'hidden_layer': {'weights': [[1, 2, 3], [4, 5, 6]], 'biases': [[7], [8]]}";
    private static final String OUTPUT = "'output_layer': {'weights': [[-1, 0.5]], 'biases': [9e-3]}";

    private static JsonReader.Parameters read(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return JsonReader.read("weights.json", new ByteArrayInputStream(bytes));
    }

    private static Model model(String layers) {
        Architecture architecture = Architecture.parse(layers);
        return new Model(architecture, Initialisation.HE.draw(architecture, 1), Provenance.imported("", ""));
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
        JsonReader.Parameters read = read(json.replace("HIDDEN", HIDDEN).replace("OUTPUT", OUTPUT));
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
        String text = json == null ? "" : json.replace("HIDDEN", HIDDEN).replace("OUTPUT", OUTPUT);
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

    @Test
    void aRowOfTooManyNumbersIsRefusedBeforeItsEnd() {
        String json = "{'hidden_layer': {'weights': [[" + "0,".repeat(70_000);
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected at most 65536 numbers in a row or column of hidden_layer.weights");
    }
}
