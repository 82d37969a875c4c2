package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class ModelStoreTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("6,4,3");
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    private static Path shared;

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();

    /** For all tests that only read it or change a copy: Spark takes half a second to write one. */
    @BeforeAll
    static void saveModelOne() {
        ModelStore.save(
                SPARK,
                ModelStore.open(SPARK, shared + "/model", false, warning -> {}),
                model(1),
                List.of(),
                more -> {});
    }

    private static Model model(long seed) {
        return new Model(
                ARCHITECTURE,
                Initialisation.UNIFORM.draw(ARCHITECTURE, seed),
                new Provenance(
                        Map.of("learning-rate", "0.25", "seed", "1"),
                        "data/mnist",
                        60_000,
                        "0123456789abcdef",
                        3_000,
                        0.34,
                        0.9,
                        0,
                        Double.NaN,
                        Double.NaN,
                        new Environment("0.1.0", "4.1.0", "a JVM", "a BLAS", ""),
                        "",
                        Instant.parse("2026-11-23T12:34:56.123456Z")));
    }

    private OutputDirectory open(String directory, boolean overwrite) {
        return ModelStore.open(SPARK, directory, overwrite, warnings::add);
    }

    private String save(Model model, boolean overwrite) {
        String directory = temporary.resolve("model").toString();
        ModelStore.save(SPARK, open(directory, overwrite), model, List.of(), more -> {});
        return directory;
    }

    /** Model 1, as {@link #save} leaves it. */
    private String saved() throws IOException {
        Path directory = temporary.resolve("model");
        try (Stream<Path> all = Files.walk(shared.resolve("model"))) {
            for (Path from : all.toList()) { // a folder before what is in it
                Files.copy(from, directory.resolve(shared.resolve("model").relativize(from)));
            }
        }
        return directory.toString();
    }

    /** Reads one table of a saved model, changes it, and puts it in the place of the old one. */
    private void change(String directory, String table, UnaryOperator<Dataset<Row>> change) throws IOException {
        Path changed = temporary.resolve("changed");
        change.apply(SPARK.read().parquet(directory + "/" + table))
                .coalesce(1)
                .write()
                .parquet(changed.toString());
        Path old = Path.of(directory, table);
        FileUtil.fullyDelete(old.toFile());
        Files.move(changed, old);
    }

    @Test
    void whatIsLoadedIsWhatWasSaved() {
        Model saved = model(1);
        Model loaded = ModelStore.load(SPARK, save(saved, false), warnings::add);
        assertThat(loaded.architecture()).isEqualTo(saved.architecture());
        assertThat(loaded.parameters()).isEqualTo(saved.parameters());
        assertThat(loaded.provenance()).isEqualTo(saved.provenance());
        assertThat(loaded.digest()).isEqualTo(saved.digest()).hasSize(64);
    }

    @Test
    void theTableIsOneThatAPersonCanRead() throws IOException {
        String directory = saved();
        Dataset<Row> table = SPARK.read().parquet(directory + "/parameters.parquet");
        assertThat(table.columns()).containsExactly("layer", "name", "shape", "values");
        List<Integer> shape =
                table.where("layer = 1 and name = 'weights'").first().getList(2);
        assertThat(shape).containsExactly(6, 4);
        assertThat(table.where("layer = 2 and name = 'biases' and size(values) = 3")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void anExistingModelIsRefusedBeforeAnythingIsDoneAndReplacedWhenAsked() throws IOException {
        String directory = saved();
        assertThatThrownBy(() -> save(model(2), false))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("overwrite");
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(model(1).digest());
        save(model(2), true);
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(model(2).digest());
        try (var files = Files.list(temporary)) {
            assertThat(files).containsExactly(Path.of(directory));
        }
    }

    /** As a task it would have 136 MB, more than Spark sends. */
    @Test
    void aModelOfThirtyFourMillionParametersIsSavedAndLoadedInRowsOfAMillion() {
        Architecture wide = Architecture.parse("6800,5000,2");
        float[] parameters = new float[wide.parameters()];
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] = k * 0.37f;
        }
        Model large = new Model(wide, parameters, model(1).provenance());
        String directory = save(large, false);
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(large.digest());
        Dataset<Row> table = SPARK.read().parquet(directory + "/parameters.parquet");
        assertThat(table.columns()).containsExactly("layer", "name", "shape", "values", "offset");
        assertThat(table.where("layer = 1 and name = 'weights' and size(values) <= 1048576")
                        .count())
                .isEqualTo(33);
        assertThat(table.where("layer = 1 and offset = 1048576")
                        .selectExpr("values[0]")
                        .first()
                        .getFloat(0))
                .isEqualTo(parameters[1_048_576]);
    }

    @Test
    void afterAKillAtAnyOperationOfASaveTheOldOrTheNewModelIsThere() throws IOException {
        MortalFileSystem.in(SPARK.sparkContext().hadoopConfiguration());
        boolean saved = false;
        try {
            for (int changes = 0; !saved; changes++) {
                String place = MortalFileSystem.uri(Files.createDirectory(temporary.resolve("place-" + changes)));
                save(model(1), place);
                MortalFileSystem.dieAfter(changes);
                saved = catchThrowable(() -> save(model(2), place)) == null;
                MortalFileSystem.live();
                assertThat(ModelStore.load(SPARK, place + "/model", warnings::add)
                                .digest())
                        .isIn(model(1).digest(), model(2).digest());
            }
        } finally {
            MortalFileSystem.live();
        }
        assertThat(warnings).singleElement().asString().contains("its new one is complete");
    }

    @Test
    void aReaderOfAnObjectStoreSeesTheOldModelOrTheNewOneWhole() {
        MortalFileSystem.in(SPARK.sparkContext().hadoopConfiguration());
        String place = MortalFileSystem.storeUri(temporary);
        save(model(1), place);
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> IntStream.range(0, 20).forEach(k -> save(model(2 - k % 2), place)));
        Set<String> seen = new TreeSet<>();
        while (!writer.isDone()) {
            ModelStore.WithHistory found = ModelStore.loadWithHistory(SPARK, place + "/model", nothing -> {});
            seen.add(found.model().digest());
        }
        writer.join();
        assertThat(seen).isSubsetOf(model(1).digest(), model(2).digest());
    }

    private void save(Model model, String place) {
        ModelStore.save(SPARK, open(place + "/model", true), model, List.of(), more -> {});
    }

    @Test
    void aModelThatAKilledCommandHadMovedAwayIsFoundAndPutRight() throws IOException {
        String directory = saved();
        String old = HiddenNeighbours.of(new org.apache.hadoop.fs.Path(directory))
                .old()
                .getName();
        Files.move(Path.of(directory), temporary.resolve(old));
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(model(1).digest());
        assertThat(warnings).singleElement().asString().contains("the old one is in its place now");
        try (var files = Files.list(temporary)) {
            assertThat(files).containsExactly(Path.of(directory));
        }
    }

    @Test
    void aWriteThatFailsLeavesTheOldModelAndNothingElse() throws IOException {
        String directory = saved();
        OutputDirectory output = open(directory, true);
        assertThatThrownBy(() -> output.write(path -> {
                    path.getFileSystem(SPARK.sparkContext().hadoopConfiguration())
                            .create(new org.apache.hadoop.fs.Path(path, "half"))
                            .close();
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("No space left on device");
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(model(1).digest());
        try (var files = Files.list(temporary)) {
            assertThat(files).containsExactly(Path.of(directory));
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeTraining() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "not a directory");
        assertThatThrownBy(() -> open(file + "/model", false))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("cannot write there");
    }

    /** Hadoop makes a directory, then lets a process set its mode: an interrupt may come in between. */
    @Test
    void aCheckThatIsInterruptedLeavesNothing() {
        for (int attempt = 0; attempt < 20; attempt++) {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(() -> open(temporary + "/model", false));
            Thread.interrupted();
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(KindlingException.class).hasMessageContaining("cannot write there");
            }
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    void whatIsNoModelIsNeverReplaced() throws IOException {
        Files.createDirectories(temporary.resolve("model/precious"));
        assertThatThrownBy(() -> save(model(1), true))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("holds no provenance.parquet");
        assertThat(temporary.resolve("model/precious")).exists();
        assertThatThrownBy(() -> open("/", true)).isInstanceOf(KindlingException.class);
    }

    @Test
    void aPlaceWithTheCharactersOfAPatternIsTakenAsItIs() {
        Model saved = model(1);
        String directory = temporary.resolve("run[1] {a,b}*?").toString();
        ModelStore.save(SPARK, open(directory, false), saved, List.of(), more -> {});
        assertThat(ModelStore.load(SPARK, directory, warnings::add).digest()).isEqualTo(saved.digest());
    }

    @Test
    void aTableThatDidNotArriveWholeIsAnError() {
        Dataset<Row> table = SPARK.range(10).toDF();
        assertThatThrownBy(() ->
                        ParquetTable.write(table, new org.apache.hadoop.fs.Path(temporary.toString(), "table"), 11))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found 10 of 11 rows")
                .hasMessageContaining("all workers share");
    }

    /** Made by version 0.1.0; stays here for ever. */
    @Test
    void aModelOfFormatOneCanBeLoaded() {
        Model loaded = ModelStore.load(SPARK, "src/test/resources/models/format-1", warnings::add);
        assertThat(loaded.digest()).isEqualTo(model(1).digest());
        assertThat(loaded.provenance()).isEqualTo(model(1).provenance());
    }

    /** Made when format 2 was new; stays here for ever. */
    @Test
    void aModelOfFormatTwoCanBeLoaded() {
        Model loaded = ModelStore.load(SPARK, "src/test/resources/models/format-2", warnings::add);
        assertThat(loaded.digest()).isEqualTo(validated().digest());
        assertThat(loaded.provenance()).isEqualTo(validated().provenance());
    }

    @Test
    void aModelSaysHowItsSumsTravelled() {
        Provenance p = model(1).provenance();
        String directory = temporary + "/model";
        ModelStore.save(
                SPARK,
                open(directory, false),
                model(0, Double.NaN, Double.NaN, p.environment(), "round"),
                List.of(),
                more -> {});
        assertThat(ModelStore.load(SPARK, directory, warnings::add).provenance().exchange())
                .isEqualTo("round");
    }

    private static Model validated() {
        Environment made = model(1).provenance().environment();
        return model(
                5_888,
                0.4,
                0.88,
                new Environment("0.2.0", made.spark(), made.jvm(), made.blas(), "amd64, a processor"),
                "");
    }

    /** The model of seed 1, with some of where it comes from told otherwise. */
    private static Model model(
            long validationRows, double loss, double accuracy, Environment environment, String exchange) {
        Provenance p = model(1).provenance();
        return new Model(
                ARCHITECTURE,
                model(1).parameters(),
                new Provenance(
                        p.recipe(),
                        p.data(),
                        p.rows(),
                        p.fingerprint(),
                        p.steps(),
                        p.loss(),
                        p.accuracy(),
                        validationRows,
                        loss,
                        accuracy,
                        environment,
                        exchange,
                        p.time()));
    }

    @Test
    void aParameterThatChangedIsFoundByItsDigest() throws IOException {
        String directory = saved();
        change(
                directory,
                "parameters.parquet",
                table -> table.selectExpr(
                        "layer",
                        "name",
                        "shape",
                        "if(layer = 2, transform(values, v -> float(v * 2)), values) as values"));
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("damaged model: the parameters do not match the digest");
    }

    @Test
    void noModelIsSaidToBeNoModel() {
        assertThatThrownBy(() -> ModelStore.load(SPARK, temporary + "/none", warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found no model")
                .hasMessageContaining("train one, or give the place of one as model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "update layer 1 | layer = 2 and name = 'biases' | found 3 biases of shape [3] from 0 on in layer 1",
                "missing        | layer = 2 and name = 'biases' | found 3 rows in parameters.parquet",
                "shape          | layer = 1 and name = 'weights' | of shape [4, 6] from 0 on in layer 1, expected 24 of shape [6, 4]",
                "short          | layer = 1 and name = 'weights' | found 23 weights",
                "null           | layer = 2 and name = 'weights' | found null in an array, expected a value",
                "nan            | layer = 2 and name = 'weights' | parameter 28 of layer 2 is NaN",
                "text           | true                           | found columns layer int, name string, shape array<int>, values array<string>"
            })
    void aDamagedParameterTableIsAClearError(String damage, String where, String message) throws IOException {
        String directory = saved();
        change(directory, "parameters.parquet", table -> switch (damage) {
            case "update layer 1" ->
                table.selectExpr("if(" + where + ", 1, layer) as layer", "name", "shape", "values");
            case "missing" -> table.where("not (" + where + ")");
            case "shape" ->
                table.selectExpr("layer", "name", "if(" + where + ", reverse(shape), shape) as shape", "values");
            case "short" ->
                table.selectExpr(
                        "layer",
                        "name",
                        "shape",
                        "if(" + where + ", slice(values, 1, size(values) - 1), values) as values");
            case "nan" ->
                table.selectExpr(
                        "layer",
                        "name",
                        "shape",
                        "if(" + where + ", transform(values, v -> float('NaN')), values) as values");
            case "null" ->
                table.selectExpr(
                        "layer",
                        "name",
                        "shape",
                        "if(" + where + ", transform(values, v -> cast(null as float)), values) as values");
            case "text" -> table.selectExpr("layer", "name", "shape", "cast(values as array<string>) as values");
            default -> throw new IllegalArgumentException(damage);
        });
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining(directory)
                .hasMessageContaining("damaged model")
                .hasMessageContaining(message);
    }

    @Test
    void aProvenanceWithAGapIsAClearError() throws IOException {
        String directory = saved();
        change(
                directory,
                "provenance.parquet",
                table -> table.withColumn("data", org.apache.spark.sql.functions.expr("cast(null as string)")));
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found 0 complete rows in provenance.parquet, expected 1");
    }

    @Test
    void aFormatOfTheFutureIsRefused() throws IOException {
        String directory = saved();
        change(
                directory,
                "provenance.parquet",
                table -> table.withColumn("format", org.apache.spark.sql.functions.lit(5)));
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found format version 5, expected 1 to 4");
    }

    @Test
    void aFileThatIsNoParquetIsAClearError() throws IOException {
        String directory = saved();
        Files.write(Path.of(directory, "parameters.parquet"), new byte[100]);
        Files.delete(Path.of(directory, ".parameters.parquet.crc"));
        assertThatThrownBy(() -> ModelStore.load(SPARK, directory, warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("not a readable Parquet table");
    }
}
