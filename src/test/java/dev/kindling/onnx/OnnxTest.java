package dev.kindling.onnx;

import static dev.kindling.storage.Models.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Mutations;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.Environment;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link OnnxWriter} writes comes back from {@link OnnxReader}; {@link ForeignOnnxTest} is about files of other programs. */
class OnnxTest {
    private static final Standardisation SCALE = new Standardisation(
            new double[] {0.1, -0.0, Double.MAX_VALUE}, new double[] {Double.MIN_VALUE, 0, 1.0 / 3});

    private static final Inputs COLUMNS =
            new Inputs(FeatureForm.COLUMNS, List.of("a", "b\\n \"c\"\n\t\u0000", "\u00e7.`d \uD83D\uDE42"), SCALE);

    static Model model(String sizes, Output output, Optional<Signature> signature) {
        Architecture architecture = Architecture.parse(sizes).withOutput(output);
        Provenance provenance = new Provenance(
                Map.of("seed", "1", "layers", sizes),
                "rows\nof a table",
                60,
                "0123456789abcdef",
                3,
                0.3,
                Double.NaN,
                6,
                0.25,
                0.9,
                new Environment("0.1.0", "4.2.0", "a JVM", "a BLAS", ""),
                "round",
                Instant.parse("2026-11-29T12:34:56.123456Z"));
        return new Model(architecture, Initialisation.HE.draw(architecture, 1), provenance, signature);
    }

    private static Model labelled(Inputs inputs, String type, String... values) {
        Labels labels = new Labels("kind", type, List.of(values));
        return model(
                "3,4," + values.length,
                Output.SOFTMAX,
                Optional.of(new Signature(inputs, Optional.of(labels), Optional.empty())));
    }

    private static Model predicting(String... targets) {
        Standardisation scale = new Standardisation(
                Arrays.copyOf(SCALE.shift(), targets.length), Arrays.copyOf(SCALE.deviation(), targets.length));
        Signature signature =
                new Signature(COLUMNS, Optional.empty(), Optional.of(new Targets(List.of(targets), scale)));
        return model("3,4," + targets.length, Output.IDENTITY, Optional.of(signature));
    }

    private static Inputs array(FeatureForm form) {
        return new Inputs(form, List.of("a column"), SCALE);
    }

    /** A model of each kind, with all that may be in names, labels and scales. */
    static List<Model> models() {
        return List.of(
                model("3,2", Output.SOFTMAX, Optional.empty()),
                model("3,4,5,1", Output.IDENTITY, Optional.empty()),
                model("3,4,2", Output.IDENTITY, Optional.empty()),
                labelled(COLUMNS, "STRING", "", "a,b", "\u65e5\u672c\n"),
                labelled(COLUMNS, "STRING COLLATE UTF8_LCASE", "no", "yes"),
                labelled(COLUMNS, "DECIMAL(5,2)", "-1.50", "0.00", "7.25"),
                labelled(COLUMNS, "BOOLEAN", "false", "true"),
                labelled(array(FeatureForm.ARRAY), "TINYINT", "-128", "127"),
                labelled(array(FeatureForm.VECTOR), "BIGINT", "-9223372036854775808", "9223372036854775807", "0"),
                labelled(array(FeatureForm.BYTES), "INT", "7", "-1"),
                labelled(COLUMNS, "FLOAT", "-Infinity", "0.1", "3.0E10"),
                labelled(COLUMNS, "DOUBLE", "0.1", "1.0E300", "-0.5"),
                predicting("price"),
                predicting("x", "y", "\u00df"));
    }

    static byte[] write(Model model, OnnxInput input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            OnnxWriter.write(model, input, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] write(Model model) {
        return write(model, OnnxInput.of(model));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelComesBackWithAllThatItSays(Model model) {
        Model back = OnnxReader.read("model.onnx", write(model));
        assertSame(back, model);
        assertThat(back.provenance()).isEqualTo(model.provenance());
    }

    /** Written when Kindling could first; it stays here for ever. */
    @Test
    void theFirstExportIsRead() throws IOException {
        byte[] file = Files.readAllBytes(Path.of("src/test/resources/onnx/kindling.onnx"));
        assertThat(OnnxReader.read("kindling.onnx", file).digest())
                .isEqualTo("b1eed59cfd15ad78212f52536b9cad3101f8176ff53c40a2dacfeb7362792ac4");
    }

    @ParameterizedTest
    @EnumSource(OnnxInput.Type.class)
    void theTypeOfTheInputChangesNothingInTheModel(OnnxInput.Type type) {
        Model digits = model("4,3,2", Output.SOFTMAX, Optional.empty());
        assertSame(OnnxReader.read("digits.onnx", write(digits, new OnnxInput(type, false))), digits);
        if (type != OnnxInput.Type.UINT8) {
            Model table = labelled(COLUMNS, "STRING", "no", "yes");
            assertSame(OnnxReader.read("table.onnx", write(table, new OnnxInput(type, true))), table);
        }
    }

    @Test
    void aModelOfMnistHasLessThan40KilobytesAndAColumnOfPixelsOneScale() {
        assertThat(write(model("784,10,10", Output.SOFTMAX, Optional.empty()))).hasSizeLessThan(40_000);
        double[] levels = new double[784];
        Arrays.fill(levels, Inputs.LEVELS);
        Inputs pixels = new Inputs(FeatureForm.BYTES, List.of("image"), new Standardisation(new double[784], levels));
        Labels labels = new Labels("digit", "INT", List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
        Model images = model(
                "784,10,10", Output.SOFTMAX, Optional.of(new Signature(pixels, Optional.of(labels), Optional.empty())));
        byte[] written = write(images, new OnnxInput(OnnxInput.Type.UINT8, false));
        assertThat(written).hasSizeLessThan(40_000);
        assertSame(OnnxReader.read("images.onnx", written), images);
    }

    @Test
    void anInputThatAModelDoesNotTakeIsRefused() {
        OnnxInput bytes = new OnnxInput(OnnxInput.Type.UINT8, false);
        OnnxInput byColumn = new OnnxInput(OnnxInput.Type.DOUBLE, true);
        Model table = labelled(COLUMNS, "STRING", "no", "yes");
        assertThatThrownBy(() -> write(table, bytes))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected float or double");
        assertThatThrownBy(() -> write(labelled(array(FeatureForm.ARRAY), "INT", "1", "2"), byColumn))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected one of columns");
        Inputs clashing = new Inputs(FeatureForm.COLUMNS, List.of("a", "probability", "c"), SCALE);
        assertThatThrownBy(() -> write(labelled(clashing, "INT", "1", "2"), byColumn))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found a column called 'probability'");
    }

    @Test
    void aFileThatWasChangedIsNotWhatItsMetadataSays() throws IOException {
        Model model = labelled(COLUMNS, "STRING", "no", "yes");
        byte[] file = write(model);
        byte[] changed = replaced(file, "yes", "YES");
        assertThatThrownBy(() -> OnnxReader.read("model.onnx", changed))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("model.onnx: ")
                .hasMessageContaining("do not match the digest");
        for (String entry : List.of("form", "columns", "label", "label-type", "rows", "time", "digest", "data")) {
            byte[] without = replaced(file, "kindling." + entry, "kindlinG." + entry);
            assertThatThrownBy(() -> OnnxReader.read("model.onnx", without))
                    .as(entry)
                    .isInstanceOf(KindlingException.class)
                    .hasMessageStartingWith("model.onnx: ");
        }
        Model foreign = OnnxReader.read("model.onnx", replaced(file, "kindling.version", "kindlinG.version"));
        assertThat(foreign.parameters()).isEqualTo(model.parameters());
        assertThat(foreign.signature().orElseThrow().labels().orElseThrow().values())
                .containsExactly("no", "yes");
        assertThat(foreign.provenance().steps()).isZero();
    }

    /** The first such text replaced by another of the same length. */
    private static byte[] replaced(byte[] file, String text, String by) throws IOException {
        Charset latin = StandardCharsets.ISO_8859_1;
        String whole = new String(file, latin);
        assertThat(whole).contains(text);
        return whole.replaceFirst(Pattern.quote(text), by).getBytes(latin);
    }

    /** Thousands of damaged files: what is read at all is a model, which can be written and read again. */
    @Test
    void damagedFilesAreReadAsModelsOrRefusedInOneLine() {
        for (Model whole : models()) {
            Mutations.damage(write(whole), 1_000, 8 << 20, bytes -> readAndWrite(bytes));
        }
    }

    static void readAndWrite(byte[] bytes) {
        Model read = OnnxReader.read("model.onnx", bytes);
        assertThat(OnnxReader.read("model.onnx", write(read)).digest()).isEqualTo(read.digest());
    }

    /** A Predictor has no Spark: here there is nothing but the JDK and Kindling's own classes. */
    @Test
    void aModelIsReadAndWrittenWithoutSpark() throws Exception {
        URL classes = OnnxReader.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader bare = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            for (Model model : models()) {
                Object read = bare.loadClass(OnnxReader.class.getName())
                        .getMethod("read", String.class, byte[].class)
                        .invoke(null, "model.onnx", write(model));
                Class<?> ofModel = bare.loadClass(Model.class.getName());
                assertThat(ofModel.getMethod("digest").invoke(read)).isEqualTo(model.digest());
                Class<?> ofInput = bare.loadClass(OnnxInput.class.getName());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                bare.loadClass(OnnxWriter.class.getName())
                        .getMethod("write", ofModel, ofInput, OutputStream.class)
                        .invoke(null, read, ofInput.getMethod("of", ofModel).invoke(null, read), out);
                assertThat(out.toByteArray()).isEqualTo(write(model));
            }
        }
    }
}
