package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.data.files.DataFiles;
import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShiftedCopiesTest {
    private static final int SIDE = 6;

    /** Images with 1, 2, 3, 4 in the middle, and id % 10 as the label. */
    private static LabelledRows images(int count, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            rows.add(RowFactory.create((long) id, id % 10, image(2, 2)));
        }
        return new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA).repartition(partitions),
                count,
                SIDE * SIDE,
                "images");
    }

    private static float[] image(int left, int top) {
        float[] image = new float[SIDE * SIDE];
        for (int k = 0; k < 4; k++) {
            image[(top + k / 2) * SIDE + left + k % 2] = k + 1;
        }
        return image;
    }

    /** Label and features of each id. */
    private static Map<Long, String> rows(LabelledRows data) {
        Map<Long, String> rows = new TreeMap<>();
        for (Row row : data.rows().collectAsList()) {
            assertThat(rows.put(row.getLong(0), row.getInt(1) + " " + row.getList(2)))
                    .isNull();
        }
        return rows;
    }

    private static String text(int label, float[] features) {
        return label + " "
                + IntStream.range(0, features.length).mapToObj(k -> features[k]).toList();
    }

    @Test
    void theFirstCopyIsTheImageAndTheOthersAreShiftedByOneOrTwoPixelsInAllDirections() {
        LabelledRows copies = ShiftedCopies.of(images(50, 2), 9, 1);
        assertThat(copies.count()).isEqualTo(450);
        assertThat(copies.features()).isEqualTo(SIDE * SIDE);
        Map<Long, String> rows = rows(copies);
        assertThat(rows.keySet()).hasSize(450).contains(0L, 449L);
        Set<Integer> shifts = new HashSet<>();
        rows.forEach((id, row) -> {
            int label = (int) (id % 50 % 10);
            List<Integer> fitting = IntStream.range(0, 25)
                    .filter(shift -> row.equals(text(label, image(shift % 5, shift / 5))))
                    .boxed()
                    .toList();
            assertThat(fitting).hasSize(1);
            assertThat(fitting.get(0) == 12).isEqualTo(id < 50);
            shifts.addAll(fitting);
        });
        assertThat(shifts).hasSize(25);
    }

    @Test
    void copiesDependOnTheSeedAndNotOnPartitions() {
        Map<Long, String> rows = rows(ShiftedCopies.of(images(20, 1), 3, 1));
        assertThat(rows(ShiftedCopies.of(images(20, 3), 3, 1))).isEqualTo(rows);
        assertThat(rows(ShiftedCopies.of(images(20, 1), 3, 2))).isNotEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1 2 3 4 5 6 7 8 9",
        "1, 0, 0 1 2 0 4 5 0 7 8",
        "-2, 0, 3 0 0 6 0 0 9 0 0",
        "0, 2, 0 0 0 0 0 0 1 2 3",
        "-1, -1, 5 6 0 8 9 0 0 0 0",
    })
    void whatComesInFromOutsideIsZero(int right, int down, String expected) {
        float[] shifted = {-1, -1, -1, -1, -1, -1, -1, -1, -1};
        ShiftedCopies.shift(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, right, down, shifted);
        List<String> found = IntStream.range(0, 9)
                .mapToObj(k -> String.valueOf((int) shifted[k]))
                .toList();
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void imagesThatAreNotSquareAreRefusedUnlessTheyAreToStayAsTheyAre() {
        LabelledRows wide = new LabelledRows(images(1, 1).rows(), 1, 8, "wide images");
        assertThat(ShiftedCopies.of(wide, 1, 1)).isSameAs(wide);
        assertThatThrownBy(() -> ShiftedCopies.of(wide, 2, 1))
                .isInstanceOf(KindlingException.class)
                .hasMessage("repeat: found 8 features a row in wide images, expected the pixels of a"
                        + " square image, such as 28 x 28 = 784");
    }

    @Test
    void anImageOfAnotherSizeIsRefusedWithItsRow() {
        List<Row> rows = List.of(RowFactory.create(0L, 1, image(2, 2)), RowFactory.create(1L, 1, new float[4]));
        LabelledRows images = new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA), 2, SIDE * SIDE, "images");
        assertThat(DataFiles.failure(() -> ShiftedCopies.of(images, 2, 1).rows().count()))
                .isEqualTo("images row 1: found 4 features, expected 36");
    }
}
