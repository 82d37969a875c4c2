package dev.kindling.storage;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.ClassifierModel;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class SignatureTest {
    private static final SparkSession SPARK = SparkTest.session();

    private static final Standardisation SCALE =
            new Standardisation(new double[] {0, 1e9, -0.1}, new double[] {1, 0, 1e-300});

    private static final Inputs INPUTS = new Inputs(FeatureForm.COLUMNS, List.of("a", "b c", "ç.`d"), SCALE);
    private static final Labels LABELS = new Labels("kind", "INT", List.of("-1", "3", "20"));

    @TempDir
    private Path temporary;

    private static Model model(Signature signature) {
        int outputs = signature.labels().map(labels -> labels.values().size()).orElse(3);
        Architecture architecture = new Architecture(
                List.of(3, 4, outputs), signature.labels().isPresent() ? Output.SOFTMAX : Output.IDENTITY);
        return new Model(
                architecture,
                Initialisation.UNIFORM.draw(architecture, 1),
                new Provenance(
                        Map.of("seed", "1"),
                        "rows",
                        60,
                        "0123456789abcdef",
                        3,
                        0.3,
                        signature.labels().isPresent() ? 0.9 : Double.NaN,
                        0,
                        Double.NaN,
                        Double.NaN,
                        new Environment("0.1.0", "4.2.0", "a JVM", "a BLAS", ""),
                        "",
                        Instant.parse("2026-11-29T12:34:56.123456Z")),
                Optional.of(signature));
    }

    private static Signature labelled(Labels labels) {
        return new Signature(INPUTS, Optional.of(labels), Optional.empty());
    }

    private String saved(Signature signature) {
        String directory = temporary.resolve("model").toString();
        ModelStore.save(
                SPARK, ModelStore.open(SPARK, directory, false, w -> {}), model(signature), List.of(), more -> {});
        return directory;
    }

    private Model sent(Signature signature) {
        Model loaded = ModelStore.load(SPARK, saved(signature), w -> {});
        assertThat(loaded.digest()).isEqualTo(model(signature).digest());
        assertThat(loaded.architecture()).isEqualTo(model(signature).architecture());
        return loaded;
    }

    static List<List<Object>> valuesOfEachType() {
        return List.of(
                List.of("TINYINT", (byte) -128, (byte) 0, (byte) 127),
                List.of("SMALLINT", (short) -7, (short) 300),
                List.of("INT", Integer.MIN_VALUE, 9, 10),
                List.of("BIGINT", -2L, 100_000_000_000L, Long.MAX_VALUE),
                List.of("FLOAT", Float.NEGATIVE_INFINITY, -0.1f, 2f, 10f, Float.POSITIVE_INFINITY),
                List.of("DOUBLE", -1e300, 0.0, Double.MIN_VALUE, 0.1, Double.POSITIVE_INFINITY),
                List.of("DECIMAL(38,18)", new BigDecimal("-1.500000000000000000"), new BigDecimal("0E-18")),
                List.of("DECIMAL(5,0)", new BigDecimal("9"), new BigDecimal("10")),
                List.of("BOOLEAN", false, true),
                List.of("STRING", "", " ", "10", "9", "Größe", "a\nb\"',", "null", "日本", "🙂".repeat(500)));
    }

    @ParameterizedTest
    @MethodSource("valuesOfEachType")
    void labelsOfEachTypeComeBackInOrder(List<Object> typeAndValues) {
        String type = (String) typeAndValues.get(0);
        List<Object> values = typeAndValues.subList(1, typeAndValues.size());
        List<String> texts = values.stream()
                .map(String::valueOf)
                .sorted((a, b) -> b.compareTo(a))
                .toList();
        Labels labels = Labels.sorted("kind", type, texts);
        Labels loaded =
                sent(labelled(labels)).signature().orElseThrow().labels().orElseThrow();
        assertThat(loaded).isEqualTo(labels);
        assertThat(IntStream.range(0, values.size()).mapToObj(loaded::value)).isEqualTo(values);
    }

    @ParameterizedTest
    @EnumSource(FeatureForm.class)
    void inputsOfEachFormComeBack(FeatureForm form) {
        List<String> columns = form == FeatureForm.COLUMNS ? INPUTS.columns() : List.of("features");
        Inputs inputs = new Inputs(form, columns, SCALE);
        Inputs loaded = sent(new Signature(inputs, Optional.of(LABELS), Optional.empty()))
                .signature()
                .orElseThrow()
                .inputs();
        assertThat(loaded.form()).isEqualTo(form);
        assertThat(loaded.columns()).isEqualTo(columns);
        assertThat(loaded.standardisation().shift()).containsExactly(SCALE.shift());
        assertThat(loaded.standardisation().deviation()).containsExactly(SCALE.deviation());
        assertThat(loaded.name(2)).isEqualTo(form == FeatureForm.COLUMNS ? "ç.`d" : "features[2]");
    }

    @Test
    void targetsComeBack() {
        Targets targets = new Targets(List.of("x", "y", "größe"), SCALE);
        Model loaded = sent(new Signature(INPUTS, Optional.empty(), Optional.of(targets)));
        assertThat(loaded.architecture().targets()).isEqualTo(3);
        Targets found = loaded.signature().orElseThrow().targets().orElseThrow();
        assertThat(found.columns()).isEqualTo(targets.columns());
        assertThat(found.standardisation().shift()).containsExactly(SCALE.shift());
        assertThat(found.standardisation().deviation()).containsExactly(SCALE.deviation());
    }

    @Test
    void aSignatureThatDoesNotFitTheNetworkIsRefused() {
        Signature signature = labelled(LABELS);
        Model fits = model(signature);
        for (Architecture other : List.of(
                Architecture.parse("4,4,3"),
                Architecture.parse("3,4,2"),
                fits.architecture().withOutput(Output.IDENTITY))) {
            assertThatThrownBy(() ->
                            new Model(other, new float[other.parameters()], fits.provenance(), Optional.of(signature)))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("expected");
        }
    }

    private void change(String directory, String table, String where, String column, String value) throws IOException {
        Path changed = temporary.resolve("changed");
        Dataset<Row> old = SPARK.read().parquet(directory + "/" + table);
        old.withColumn(column, expr("if(" + where + ", " + value + ", " + column + ")"))
                .selectExpr(old.columns())
                .coalesce(1)
                .write()
                .parquet(changed.toString());
        FileUtil.fullyDelete(Path.of(directory, table).toFile());
        Files.move(changed, Path.of(directory, table));
    }

    private void assertDamaged(String directory, String message) {
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, w -> {}))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith(directory)
                .hasMessageContaining("damaged model: ")
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("\n");
    }

    /** Table, rows, column, value in its place, message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "inputs  | input = 1  | deviation | double('NaN')       | found a scale that is not finite",
                "inputs  | input = 1  | deviation | double('-Infinity') | found a scale that is not finite",
                "inputs  | input = 2  | shift     | double('Infinity')  | found a scale that is not finite",
                "inputs  | input = 1  | deviation | -1D                 | found a deviation below 0",
                "inputs  | input = 1  | shift     | 5D                  | do not match the digest",
                "inputs  | true       | form      | 'FOLDERS'           | found inputs of form 'FOLDERS', expected one of",
                "inputs  | input = 1  | input     | 7                   | found number 7 in row 1 of the inputs, expected 1",
                "inputs  | input = 0  | deviation | null                | found number 1 in row 0 of the inputs",
                "inputs  | input = 2  | column    | null                | found 2 inputs and 3 outputs, expected those of",
                "inputs  | true       | column    | null                | found no inputs",
                "outputs | output = 2 | value     | '3'                 | found the same label twice",
                "outputs | output = 1 | value     | null                | found no label for a class",
                "outputs | output = 0 | value     | null                | found a scale that is not finite",
                "outputs | output = 1 | value     | '4'                 | do not match the digest",
                "outputs | output = 1 | value     | 'x'                 | found label 'x', expected a value of type INT",
                "outputs | true       | type      | 'nonsense('         | found labels of type 'nonsense('",
                "outputs | true       | type      | 'ARRAY<INT>'        | found labels of type 'ARRAY<INT>'",
                "outputs | output = 2 | type      | null                | found 3 inputs and 2 outputs, expected those of",
                "outputs | output = 0 | output    | 1                   | found number 1 in row 0 of the outputs"
            })
    void aDamagedTableIsToldInOneLine(String table, String where, String column, String value, String message)
            throws IOException {
        String directory = saved(labelled(LABELS));
        change(directory, table + ".parquet", where, column, value);
        assertDamaged(directory, message);
    }

    @ParameterizedTest
    @CsvSource({"inputs", "outputs"})
    void aMissingTableIsToldInOneLine(String table) {
        String directory = saved(labelled(LABELS));
        FileUtil.fullyDelete(Path.of(directory, table + ".parquet").toFile());
        assertDamaged(directory, table + ".parquet");
    }

    @Test
    void targetsWithoutAScaleAreToldInOneLine() throws IOException {
        String directory =
                saved(new Signature(INPUTS, Optional.empty(), Optional.of(new Targets(List.of("x", "y", "z"), SCALE))));
        change(directory, "outputs.parquet", "output = 2", "shift", "null");
        assertDamaged(directory, "found a scale that is not finite");
    }

    /** Made when format 4 was new; both stay here for ever. */
    @Test
    void modelsOfFormatFourCanBeLoaded() {
        String format = "src/test/resources/models/format-4/";
        ClassifierModel classifier = ClassifierModel.load(SPARK, format + "classifier");
        assertThat(classifier.digest()).isEqualTo("814797787836a12e9b160b27be222447ecd0b64c2a453971b6b8926a7c35f761");
        assertThat(classifier.labels()).containsExactly("", "no", "ça");
        assertThat(classifier.inputs()).containsExactly("a", "b");
        assertThat(classifier.history()).hasSize(5);
        RegressorModel regressor = RegressorModel.load(SPARK, format + "regressor");
        assertThat(regressor.digest()).isEqualTo("063419e121b20fa3cd447663951a6731f3d42159b039ca66cfcc8dddc6e89834");
        assertThat(regressor.targets()).containsExactly("y", "z");
        assertThat(regressor.inputs()).containsExactly("features");
    }
}
