package dev.kindling.data.files;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The real files, as the repository carries them. */
class MnistTest {
    private static final String MNIST = "data/mnist";

    private static LabelledRows open(Split split) {
        return DataDirectory.open(SparkTest.session(), MNIST, split, 10);
    }

    @Test
    void trainingSetIsRead() {
        LabelledRows train = open(Split.TRAIN);
        assertThat(train.count()).isEqualTo(60_000);
        assertThat(train.features()).isEqualTo(784);
        assertThat(train.source()).isEqualTo("data/mnist/train-images-idx3-ubyte.gz");
        assertThat(train.rows().schema()).isEqualTo(LabelledRows.SCHEMA);
        assertThat(labelCounts(train))
                .containsExactly(5923L, 6742L, 5958L, 6131L, 5842L, 5421L, 5918L, 6265L, 5851L, 5949L);
        assertThat(train.rows().select("id").distinct().count()).isEqualTo(60_000);
    }

    @Test
    void testSetIsRead() {
        LabelledRows test = open(Split.TEST);
        assertThat(test.count()).isEqualTo(10_000);
        assertThat(labelCounts(test)).containsExactly(980L, 1135L, 1032L, 1010L, 982L, 892L, 958L, 1028L, 974L, 1009L);
    }

    @Test
    void pixelsBelongToTheirRow() {
        // The first digit is a 5, the last an 8; their pixel sums are those of the raw files.
        List<Row> ends = open(Split.TRAIN)
                .rows()
                .where(col("id").isin(0L, 59_999L))
                .orderBy("id")
                .collectAsList();
        assertThat(ends).extracting(row -> row.getInt(1)).containsExactly(5, 8);
        assertThat(ends)
                .extracting(row -> row.<Float>getList(2).stream()
                        .mapToInt(pixel -> Math.round(pixel * 255))
                        .sum())
                .containsExactly(27_525, 20_920);
    }

    private static List<Long> labelCounts(LabelledRows data) {
        return data.rows().groupBy("label").count().orderBy("label").collectAsList().stream()
                .map(row -> row.getLong(1))
                .toList();
    }
}
