package dev.kindling.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final List<Agreement.Pair> BOTH =
            List.of(new Agreement.Pair(col("a"), col("p")), new Agreement.Pair(col("b"), col("q")));

    private static List<Agreement> of(Dataset<Row> rows) {
        return Agreement.of(rows, BOTH, 4);
    }

    private static Dataset<Row> rows(String values) {
        return SparkTest.session()
                .sql("select double(a) a, double(p) p, double(b) b, double(q) q from values " + values
                        + " as t(a, p, b, q)");
    }

    @Test
    void rowsAreCountedInTheCellsOfTheirNumbersOnAGridThatHoldsAll() {
        Dataset<Row> rows =
                rows("(0, 0, 5, 5), (0, 8, 5, 5), (8, 0, 5, 5), (3.9, 4.1, 5, 5), (3.9, 4.1, 5, 5), (1, 7, 5, 5)");
        for (Dataset<Row> each : List.of(rows, rows.repartition(3))) {
            List<Agreement> found = of(each);
            assertThat(found.get(0).low()).isEqualTo(0);
            assertThat(found.get(0).high()).isEqualTo(8);
            assertThat(found.get(0).counts())
                    .isDeepEqualTo(new long[][] {{1, 0, 0, 2}, {0, 0, 2, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}});
            // Of numbers that are all equal the grid is around them.
            assertThat(found.get(1).low()).isEqualTo(2.5);
            assertThat(found.get(1).high()).isEqualTo(7.5);
            assertThat(found.get(1).counts()[2][2]).isEqualTo(6);
        }
    }

    @Test
    void whatIsMissingIsNotCountedAndTheLargestNumbersFit() {
        List<Agreement> found = of(
                rows(
                        "(1, 2, -1.7e308, 1.7e308), (null, 3, 0, 0), (3, null, 1, 1), (double('NaN'), 1, 1, 1), (9, double('Infinity'), 1, 1)"));
        assertThat(found.get(0).high()).isEqualTo(2);
        assertThat(Arrays.stream(found.get(0).counts())
                        .flatMapToLong(Arrays::stream)
                        .sum())
                .isEqualTo(1);
        assertThat(found.get(1).counts()[0][3]).isEqualTo(1);
        assertThat(found.get(1).counts()[2][2]).isEqualTo(4);
        assertThatThrownBy(() -> of(rows("(null, 1, 1, 1)")))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found none with a prediction and a target");
    }
}
