package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.data.files.DataFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleTest {
    private static final OptionalInt ANY = OptionalInt.empty();

    @TempDir
    private Path directory;

    @BeforeEach
    void writeHundredRows() {
        DataFiles.write(directory, "train-images-idx3-ubyte", DataFiles.images(100));
        DataFiles.write(directory, "train-labels-idx1-ubyte", DataFiles.labels(100));
    }

    private LabelledRows rows(int partitions) {
        LabelledRows rows = DataFiles.open(directory);
        return new LabelledRows(rows.rows().repartition(partitions), rows.count(), rows.features(), rows.source());
    }

    private static List<Long> ids(List<Example> examples) {
        return examples.stream().map(Example::id).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void theSameSeedDrawsTheSameRowsWhateverThePartitions(int partitions) {
        assertThat(ids(Example.draw(rows(partitions), 20, 5, ANY)))
                .isEqualTo(ids(Example.draw(DataFiles.open(directory), 20, 5, ANY)))
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    @Test
    void anotherSeedDrawsOtherRows() {
        LabelledRows rows = DataFiles.open(directory);
        assertThat(ids(Example.draw(rows, 20, 1, ANY))).isNotEqualTo(ids(Example.draw(rows, 20, 2, ANY)));
    }

    @Test
    void aDrawOfMoreThanThereAreGivesEachRowOnce() {
        LabelledRows rows = DataFiles.open(directory);
        assertThat(ids(Example.draw(rows, 200, 1, ANY))).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void aDrawnRowHasItsOwnLabelAndFeatures() {
        for (Example example : Example.draw(DataFiles.open(directory), 10, 1, ANY)) {
            assertThat(example.label()).isEqualTo((int) example.id() % 10);
            assertThat(example.features()[0]).isEqualTo(example.id() * 6 % 256 / 255f);
        }
    }

    @Test
    void onlyRowsOfAClassAreDrawnWhereOneIsAskedFor() {
        List<Example> sevens = Example.draw(DataFiles.open(directory), 50, 1, OptionalInt.of(7));
        assertThat(sevens)
                .hasSize(10)
                .allSatisfy(example -> assertThat(example.label()).isEqualTo(7));
        assertThat(DataFiles.failure(() -> Example.draw(DataFiles.open(directory), 1, 1, OptionalInt.of(12))))
                .contains("found no row of class 12");
    }

    @Test
    void aRowIsFoundByItsId() {
        assertThat(Example.withId(DataFiles.open(directory), 99).label()).isEqualTo(9);
        assertThat(DataFiles.failure(() -> Example.withId(DataFiles.open(directory), 100)))
                .contains("id: found 100, expected 0 to 99");
    }
}
