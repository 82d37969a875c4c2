package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class CheckpointStoreTest {
    private static final SparkSession SPARK = SparkTest.session();

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();

    private CheckpointStore store() {
        return new CheckpointStore(SPARK, temporary + "/run");
    }

    static Checkpoint checkpoint(int step) {
        return new Checkpoint(
                Map.of("layers", "2,1", "seed", "1"),
                60,
                "0123456789abcdef",
                "no native BLAS",
                step,
                new float[] {1, -0f, Float.MIN_VALUE},
                new Numbers(List.of(new double[] {0.1}, new double[] {Double.MIN_VALUE})),
                new long[] {7},
                new Checkpoint.Best(2, 0.5, new float[] {2, 3, 4}),
                List.of(
                        new HistoryRow(1, 2, 0.1, Double.NaN, Double.NaN, 0.2, 30, 0.5, List.of(1.5), List.of()),
                        new HistoryRow(2, 1, 0.2, 0.5, 0.9, 0.2, 30, 0.6, List.of(0.5), List.of())));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("run"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Changes the table of a checkpoint. */
    private void change(String name, String parquet, UnaryOperator<Dataset<Row>> change) throws IOException {
        change(name, parquet, Map.of(), change);
    }

    private void change(String name, String parquet, Map<String, String> options, UnaryOperator<Dataset<Row>> change)
            throws IOException {
        Path table = temporary.resolve("run/" + name + "/" + parquet);
        Path changed = temporary.resolve("changed");
        change.apply(SPARK.read().parquet(table.toString()))
                .write()
                .options(options)
                .parquet(changed.toString());
        FileUtil.fullyDelete(table.toFile());
        Files.move(changed, table);
    }

    private static void assertSame(Checkpoint found, Checkpoint expected) {
        assertThat(found.digest()).isEqualTo(expected.digest());
        assertThat(found.recipe()).isEqualTo(expected.recipe());
        assertThat(found.history()).isEqualTo(expected.history());
    }

    @Test
    void whatIsLoadedIsWhatWasSaved() {
        store().save(checkpoint(2), 1);
        Checkpoint loaded = store().newest(warnings::add).orElseThrow();
        assertSame(loaded, checkpoint(2));
        assertThat(warnings).isEmpty();
    }

    @Test
    void theNewestStayAndTheOldestGo() throws IOException {
        for (int step : new int[] {5, 90, 100, 1_000}) {
            store().save(checkpoint(step), 2);
        }
        assertThat(names()).containsExactly("step-000000100", "step-000001000");
        assertThat(store().newest(warnings::add)).map(Checkpoint::step).contains(1_000);
        store().clear();
        assertThat(names()).isEmpty();
        assertThat(store().isEmpty()).isTrue();
    }

    @Test
    void whereThereIsNoneThereIsNone() {
        assertThat(store().isEmpty()).isTrue();
        assertThat(store().newest(warnings::add)).isEmpty();
    }

    @Test
    void aDamagedNewestIsSkippedWithAWarningAndReplacedWhenItsStepComesAgain() throws IOException {
        store().save(checkpoint(1), 3);
        store().save(checkpoint(2), 3);
        damage("step-000000002");
        assertThat(store().newest(warnings::add)).map(Checkpoint::step).contains(1);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("step-000000002")
                .contains("damaged checkpoint")
                .contains("taking the one before it, and renaming this one to damaged-step-000000002")
                .hasLineCount(1);
        store().save(checkpoint(2), 3);
        assertThat(store().newest(warnings::add)).map(Checkpoint::step).contains(2);
    }

    private void damage(String name) throws IOException {
        try (Stream<Path> files = Files.walk(temporary.resolve("run/" + name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(file, new byte[50]);
            }
        }
    }

    @Test
    void aRunThatFellBackPastDamageKeepsItsNewCheckpointsAndTheDamagedOnesAside() throws IOException {
        for (int step : new int[] {10, 20, 30, 40}) {
            store().save(checkpoint(step), 4);
        }
        damage("step-000000030");
        damage("step-000000040");
        CheckpointStore resumed = store();
        assertThat(resumed.newest(warnings::add)).map(Checkpoint::step).contains(20);
        assertThat(names()).hasSize(4).allMatch(name -> name.startsWith("step-"));
        resumed.save(checkpoint(21), 2);
        assertThat(names())
                .containsExactly(
                        "damaged-step-000000030", "damaged-step-000000040", "step-000000020", "step-000000021");
        assertThat(store().newest(warnings::add)).map(Checkpoint::step).contains(21);

        damage("step-000000021");
        CheckpointStore again = store();
        again.newest(warnings::add);
        again.save(checkpoint(21), 1);
        damage("step-000000021");
        again.newest(warnings::add);
        again.save(checkpoint(21), 1);
        assertThat(names())
                .containsExactly(
                        "damaged-step-000000021",
                        "damaged-step-000000021-2",
                        "damaged-step-000000030",
                        "damaged-step-000000040",
                        "step-000000021");
        store().clear();
        assertThat(names()).isEmpty();
    }

    /** As when it cannot be renamed, or another process writes to the same place. */
    @Test
    void aCheckpointOfALaterStepNeitherCountsNorGoes() throws IOException {
        store().save(checkpoint(40), 2);
        damage("step-000000040");
        store().save(checkpoint(10), 1);
        store().save(checkpoint(20), 1);
        assertThat(names()).containsExactly("step-000000020", "step-000000040");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numbers | parameters | transform(parameters, (p, k) -> if(k = 0, float(9), p))   | does not match its digest",
                "numbers | optimizer | slice(optimizer, 1, 1) | does not match its digest",
                "checkpoint | history    | slice(history, 1, 1)                                      | does not match its digest",
                "checkpoint | step       | 3                                                         | does not match its digest",
                "numbers | silent | array(cast(null as bigint))                               | found null in an array",
                "checkpoint | recipe     | map('seed', cast(null as string))                         | found null in a map",
                "checkpoint | digest     | cast(null as string)                                      | found 0 complete rows",
                "checkpoint | bestLoss   | cast(bestLoss as string)                                  | found columns",
            })
    void aChangedNumberIsDamage(String parquet, String column, String value, String message) throws IOException {
        store().save(checkpoint(1), 3);
        change("step-000000001", parquet + ".parquet", table -> table.withColumn(column, functions.expr(value)));
        assertThat(store().newest(warnings::add)).isEmpty();
        assertThat(warnings).singleElement().asString().contains(message);
    }

    @Test
    void anotherFormatIsRefusedAndNotSkipped() throws IOException {
        store().save(checkpoint(1), 3);
        store().save(checkpoint(2), 3);
        change(
                "step-000000002",
                "checkpoint.parquet",
                table -> table.withColumn("format", functions.lit(3)).withColumn("kindling", functions.lit("9.9")));
        assertThatThrownBy(() -> store().newest(warnings::add))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found format version 3, expected 1 to 2")
                .hasMessageContaining("version 9.9");
    }

    /** In encodings of the DELTA family, which have sizes in their data. */
    @Test
    void tablesThatSparksSecondWriterWroteAgainCanBeLoaded() throws IOException {
        store().save(checkpoint(2), 1);
        for (String parquet : List.of("checkpoint.parquet", "numbers.parquet")) {
            change(
                    "step-000000002",
                    parquet,
                    Map.of("parquet.writer.version", "v2", "parquet.enable.dictionary", "false"),
                    table -> table.withColumn("note", functions.lit("not read")));
        }
        assertSame(store().newest(warnings::add).orElseThrow(), checkpoint(2));
        assertThat(warnings).isEmpty();
    }

    /** As a task it would have 168 MB, more than Spark sends. */
    @Test
    void aCheckpointOfSevenMillionParametersIsSavedAndLoaded() {
        Checkpoint small = checkpoint(2);
        int count = 7_000_000;
        float[] parameters = new float[count];
        double[] optimizer = new double[2 * count];
        for (int k = 0; k < optimizer.length; k++) {
            parameters[k % count] = k * 0.37f;
            optimizer[k] = Math.sqrt(k);
        }
        Checkpoint large = new Checkpoint(
                small.recipe(),
                small.rows(),
                small.fingerprint(),
                small.blas(),
                2,
                parameters,
                new Numbers(List.of(optimizer, new double[] {0.5, 0.25})),
                new long[] {1},
                new Checkpoint.Best(1, 0.5, parameters),
                small.history());
        store().save(large, 1);
        assertSame(store().newest(warnings::add).orElseThrow(), large);
        assertThat(warnings).isEmpty();
    }

    /** Made when format 1 was new; stays here for ever. */
    @Test
    void aCheckpointOfFormatOneCanBeLoaded() {
        CheckpointStore old = new CheckpointStore(SPARK, "src/test/resources/checkpoints/format-1");
        assertSame(old.newest(warnings::add).orElseThrow(), checkpoint(2));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeTraining() throws IOException {
        Files.writeString(temporary.resolve("run"), "a file");
        assertThatThrownBy(() -> store().checkMayWrite())
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("cannot write there");
        assertThatThrownBy(() -> new CheckpointStore(SPARK, ""))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("checkpointDir: cannot use");
    }
}
