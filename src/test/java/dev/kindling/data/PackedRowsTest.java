package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.SparkTest;
import dev.kindling.data.files.DataFiles;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.training.Recipe;
import dev.kindling.training.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Tuple2;

class PackedRowsTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("2,3");

    /** Row id has features (id, 1) and label id % 3. */
    private static List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            rows.add(row(id, id % 3, id, 1));
        }
        return rows;
    }

    private static Row row(long id, int label, float... features) {
        return RowFactory.create(id, label, features);
    }

    private static LabelledRows labelled(List<Row> rows) {
        return new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA), rows.size(), 2, "some rows");
    }

    private static PackedRows pack(List<Row> rows) {
        return PackedRows.pack(labelled(rows), ARCHITECTURE, 3, 1);
    }

    @Test
    void theDensityIsMeasuredAndDecidesHowTheBlocksArePacked() {
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < 300; id++) {
            rows.add(row(id, 0, 0, id < 75 ? 1 : 0));
        }
        try (PackedRows sparse = pack(rows)) {
            assertThat(sparse.density()).isEqualTo(0.125);
            assertThat(sparse.denseBlocks()).isZero();
        }
        try (PackedRows dense = pack(rows(600))) {
            assertThat(dense.density()).isGreaterThan(0.4);
            assertThat(dense.denseBlocks()).isEqualTo(3);
        }
    }

    @Test
    void everyRowIsInOneBlockAndEveryBlockButTheLastIsFull() {
        try (PackedRows packed = pack(rows(600))) {
            List<Tuple2<Integer, Block>> blocks = packed.blocks().collect();
            assertThat(blocks.stream().map(b -> b._1)).containsExactly(0, 1, 2);
            assertThat(blocks.stream().map(b -> b._2.rows())).containsExactly(256, 256, 88);
            List<Float> seen = new ArrayList<>();
            for (Tuple2<Integer, Block> block : blocks) {
                float[] dense = new float[2 * block._2.rows()];
                block._2.unpack(dense);
                for (int r = 0; r < block._2.rows(); r++) {
                    seen.add(dense[2 * r]);
                    assertThat(block._2.label(r)).isEqualTo((int) dense[2 * r] % 3);
                }
            }
            assertThat(seen)
                    .doesNotHaveDuplicates()
                    .hasSize(600)
                    .isNotEqualTo(seen.stream().sorted().toList());
            assertThat(packed.featureMean()[0]).isCloseTo(299.5, within(1e-9));
            assertThat(packed.featureMean()[1]).isEqualTo(1);
        }
    }

    /** The ids of the rows in some blocks. */
    private static Set<Float> ids(PackedRows packed, BitSet numbers) {
        Set<Float> ids = new HashSet<>();
        for (Tuple2<Integer, Block> block : packed.blocks().collect()) {
            float[] dense = new float[2 * block._2.rows()];
            block._2.unpack(dense);
            for (int r = 0; r < block._2.rows() && numbers.get(block._1); r++) {
                ids.add(dense[2 * r]);
            }
        }
        return ids;
    }

    @Test
    void theSeedDecidesWhichRowsShareABlockAndWhichAreHeldOut() {
        BitSet first = BitSet.valueOf(new long[] {1});
        try (PackedRows one = PackedRows.pack(labelled(rows(600)), ARCHITECTURE, 3, 1, 0.3);
                PackedRows again = PackedRows.pack(labelled(rows(600)), ARCHITECTURE, 2, 1, 0.3);
                PackedRows two = PackedRows.pack(labelled(rows(600)), ARCHITECTURE, 3, 2, 0.3)) {
            assertThat(ids(one, first))
                    .hasSize(256)
                    .isEqualTo(ids(again, first))
                    .isNotEqualTo(ids(two, first));
            assertThat(ids(one, one.validationBlocks()))
                    .hasSize(180) // single rows, as there are few
                    .isEqualTo(ids(again, again.validationBlocks()))
                    .isNotEqualTo(ids(two, two.validationBlocks()));
        }
    }

    @Test
    void aFeatureTooLargeForAnExactSumIsNamedWhenItsMeanIsAskedFor() {
        List<Row> rows = rows(10);
        rows.set(7, row(7, 1, 0, 1e20f));
        try (PackedRows packed = pack(rows)) {
            assertThatThrownBy(packed::featureMean)
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("some rows: found values of feature 1 beyond 65536");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3  | 1  | 2 | found an id twice or not at all, expected each of 0 to 9 once",
                "10 | 1  | 2 | found id 10, expected 0 to 9",
                "-1 | 1  | 2 | found id -1, expected 0 to 9",
                "4  | 3  | 2 | row 4: found label 3, expected 0 to 2: number the classes from 0",
                "4  | -1 | 2 | row 4: found label -1, expected 0 to 2: number the classes from 0",
                "4  | 1  | 1 | row 4: found 1 features, expected 2",
                "4  | 1  | 3 | row 4: found 3 features, expected 2",
            })
    void aRowThatDoesNotFitIsNamed(long id, int label, int features, String message) {
        List<Row> rows = rows(10);
        rows.set(4, row(id, label, new float[features]));
        assertThatThrownBy(() -> pack(rows))
                .hasRootCauseInstanceOf(KindlingException.class)
                .rootCause()
                .hasMessage("some rows" + (message.startsWith("row") ? " " : ": ") + message);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void aFeatureThatIsNotFiniteIsNamed(float value) {
        List<Row> rows = rows(10);
        rows.set(4, row(4, 0, 1, value));
        assertThatThrownBy(() -> pack(rows))
                .rootCause()
                .hasMessage("some rows row 4: found feature 1 is " + value + ", expected a finite number");
    }

    /** MNIST once and a hundred times, and sets with fewer rows than cores and with very many features. */
    @ParameterizedTest
    @CsvSource({
        "60000, 784, 2, 2, 8",
        "6000000, 784, 2, 10, 16",
        "3, 784, 8, 3, 3",
        "60000, 65536, 4, 8, 16",
        "1, 65536, 1, 1, 1"
    })
    void thereIsAPartitionForEachCoreOrAMultipleOfThat(long rows, int features, int cores, int local, int onACluster) {
        LabelledRows data = new LabelledRows(labelled(rows(1)).rows(), rows, features, "many rows");
        assertThat(PackedRows.partitions(data, cores, true)).isEqualTo(local);
        assertThat(PackedRows.partitions(data, cores, false)).isEqualTo(onACluster);
    }

    @Test
    void morePartitionsThanRowsAreRefused() {
        assertThatThrownBy(() -> PackedRows.pack(labelled(rows(10)), ARCHITECTURE, 11, 1))
                .isInstanceOf(KindlingException.class)
                .hasMessage("partitions: found 11, expected at most the 10 rows of some rows");
    }

    @Test
    void rowsThatTheNetworkCannotTakeAreRefused() {
        assertThatThrownBy(() -> PackedRows.pack(labelled(rows(10)), Architecture.parse("784,10"), 1, 1))
                .isInstanceOf(KindlingException.class)
                .hasMessage(
                        "some rows: found 2 features a row, expected 784, one for each input of the network 784,10");
    }

    /** As when its executor is lost: what is cached and what was shuffled is gone. */
    private static void lose(PackedRows packed) {
        SparkEnv.get().blockManager().master().removeRdd(packed.blocks().rdd().id(), true);
        packed.blocks().rdd().cleanShuffleDependencies(true);
    }

    private static String stepFailure(PackedRows packed) {
        Recipe recipe =
                Recipe.builder().layers(ARCHITECTURE).iterations(1).seed(1).build();
        return DataFiles.failure(() -> new Trainer(packed, recipe, step -> {}).train());
    }

    @Test
    void aBlockIsPackedAgainOnlyFromTheRowsThatItHad(@TempDir Path directory) {
        String text = IntStream.range(0, 600)
                .mapToObj(row -> row % 3 + ",7," + (100 + row % 100) + "\n")
                .collect(Collectors.joining());
        DataFiles.write(directory, "train.csv", text);
        try (PackedRows packed = PackedRows.pack(DataFiles.open(directory), ARCHITECTURE, 3, 1)) {
            lose(packed);
            assertThat(packed.blocks().count()).isEqualTo(3);

            lose(packed);
            DataFiles.write(directory, "train.csv", text.replace("2,7,155", "2,7,156"));
            assertThat(stepFailure(packed))
                    .startsWith(directory + "/train.csv: found other rows when it was read again for block ");

            lose(packed);
            DataFiles.write(directory, "train.csv", text + "1,2,3\n");
            assertThat(stepFailure(packed))
                    .isEqualTo(
                            directory + "/train.csv: found 4806 bytes, expected 4800, as when it was opened first: did"
                                    + " it change while it was read?");

            DataFiles.write(directory, "train.csv", text);
            lose(packed);
            assertThat(packed.blocks().count()).isEqualTo(3);
        }
    }
}
