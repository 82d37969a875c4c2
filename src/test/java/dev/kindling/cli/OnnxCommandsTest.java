package dev.kindling.cli;

import static dev.kindling.cli.InProcess.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.cli.Submission.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on ONNX files. */
class OnnxCommandsTest {
    private static final String FLOWERS = "examples/iris.csv";
    private static final String COLUMNS = "sepal_length,sepal_width,petal_length,petal_width";
    private static final String FIXTURES = "src/test/resources/onnx/";

    @TempDir
    private Path temporary;

    private String path(String name) {
        return temporary.resolve(name).toString();
    }

    private static Result ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    /** The digest that describe prints. */
    private static String described(String model) {
        return ok("describe", "--model", model).out().replaceAll("(?s).*SHA-256 +([0-9a-f]{64}).*", "$1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format-1", "format-2", "format-4/classifier", "format-4/regressor"})
    void aModelOfEachFormatComesBackFromOnnxWithTheSameDigest(String format) {
        String model = "src/test/resources/models/" + format;
        String digest = described(model);
        ok("export", model, path("model.onnx"));
        assertThat(ok("import", path("model.onnx"), path("again")).digest()).isEqualTo(digest);
        assertThat(ok("describe", "--model", path("model.onnx")).out().replaceFirst("(?m)^model .*$", ""))
                .isEqualTo(ok("describe", "--model", model).out().replaceFirst("(?m)^model .*$", ""));
    }

    @Test
    void anOnnxFileIsAModelWhereverOneIsRead() throws IOException {
        String model = path("iris");
        String onnx = path("iris.onnx");
        ok("train", "--data", FLOWERS, "--iterations", "60", "--hidden-layers", "8", "--model", model);
        ok("export", model, onnx, "--by-column");
        for (String each : new String[] {model, onnx}) {
            ok("predict", "--model", each, "--data", FLOWERS, "--output", each + ".jsonl", "--probabilities");
        }
        assertThat(Path.of(onnx + ".jsonl")).hasSameTextualContentAs(Path.of(model + ".jsonl"));
        assertThat(ok("evaluate", "--model", onnx, "--data", FLOWERS).out()).contains("of 150 rows");
        ok("weights", "--model", onnx, "--data", FLOWERS, "--output", path("weights"));
        ok(
                "explain",
                "--model",
                onnx,
                "--data",
                FLOWERS,
                "--where",
                "sepal_length = 7.9",
                "--output",
                path("explanation"));
        ok("export", onnx, path("iris.json"));
        assertThat(ok("import", path("iris.json"), path("again")).digest()).isEqualTo(described(model));
        assertThat(ok("train", "--from", onnx, "--data", FLOWERS, "--iterations", "5", "--model", path("further"))
                        .out())
                .contains("begins with " + onnx);
    }

    @Test
    void aNetworkOfScikitLearnBecomesAModelOfATable() {
        String model = path("iris");
        ok("import", FIXTURES + "scikit-learn.onnx", model, "--features", COLUMNS, "--label", "species");
        assertThat(ok("describe", "--model", model).out())
                .contains("petal_width", "setosa, versicolor, virginica", "imported from");
        String evaluation = ok("evaluate", "--model", model, "--data", FLOWERS).out();
        assertThat(evaluation).containsPattern("1(4[5-9]|50) of 150 rows");
        ok("train", "--from", model, "--data", FLOWERS, "--iterations", "5", "--model", path("further"));
    }

    @Test
    void aNetworkOfPytorchIsOneOfClassesIfItsEndIsSaidToBeLogits() {
        ok("import", FIXTURES + "pytorch.onnx", path("classes"), "--logits");
        assertThat(ok("describe", "--model", path("classes")).out()).contains("classes 0 to 9");
        ok("import", FIXTURES + "pytorch.onnx", path("numbers"), "--target", "a,b,c,d,e,f,g,h,i,j");
        assertThat(ok("describe", "--model", path("numbers")).out()).contains("a, b, c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "export models/mnist weights.json --input uint8  | 2 | --input: found beside weights.json",
                "export models/mnist weights.json --by-column    | 2 | --by-column: found beside weights.json",
                "import weights.json models/new --logits         | 2 | --logits: found beside weights.json",
                "describe --model none.onnx                      | 1 | none.onnx",
                "import FIXTURES/keras.onnx TEMP/m --target a    | 1 | --target: found a model of classes",
                "import FIXTURES/pytorch.onnx TEMP/m --label a   | 1 | --label: found a model of numbers",
                "import FIXTURES/keras.onnx TEMP/m --features a  | 1 | found 1 columns for 64 inputs"
            })
    void whatDoesNotFitIsToldInOneLine(String command, int code, String message) {
        String filled = command.replace("FIXTURES/", FIXTURES).replace("TEMP", temporary.toString());
        assertThat(run(filled.split(" ")).failsWith(code, message).exitCode()).isEqualTo(code);
    }

    @Test
    void aDamagedFileIsToldInOneLine() throws IOException {
        Path damaged = Files.write(temporary.resolve("damaged.onnx"), new byte[] {8, 7, 58, 120});
        run("describe", "--model", damaged.toString()).failsWith(1, damaged.toString(), "expected an ONNX file");
    }
}
