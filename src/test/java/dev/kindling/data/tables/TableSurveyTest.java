package dev.kindling.data.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Kryo;
import dev.kindling.storage.FeatureForm;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class TableSurveyTest {
    private static final TableReader READER = new TableReader(
            FeatureForm.COLUMNS, List.of("a", "b"), "kind", false, List.of(), "w", null, Missing.ERROR, 1);

    private static InternalRow row(String label, double weight, Double a, double b) {
        return new GenericInternalRow(new Object[] {UTF8String.fromString(label), weight, false, a, b});
    }

    private static TableSurvey survey(InternalRow... rows) {
        Iterator<InternalRow> all = Arrays.asList(rows).iterator();
        return TableSurvey.of(READER.open(all, -1), 0);
    }

    @Test
    void whatIsFoundInPartsIsWhatIsFoundInAll() {
        InternalRow[] rows = {
            row("x", 1, 0.0, -2), row("y", 2.5, 3.0, 0), row("x", 0.5, -4.5, 0), row("y", 0, 1e9, -1e9)
        };
        TableSurvey all = survey(rows);
        TableSurvey parts = survey().plus(survey(rows[2], rows[3])).plus(survey().plus(survey(rows[1], rows[0])));
        for (TableSurvey found : List.of(all, parts, Kryo.send(all))) {
            assertThat(found.rows()).isEqualTo(4);
            assertThat(found.labels()).isEqualTo(Map.of("x", 2L, "y", 2L));
            assertThat(found.features()).isEqualTo(2);
            assertThat(found.maxWeight()).isEqualTo(2.5);
            assertThat(found.counts().sum()).isEqualTo(all.counts().sum());
            assertThat(found.ranges().min(0)).isEqualTo(-4.5);
            assertThat(found.ranges().max(0)).isEqualTo(3);
            assertThat(found.ranges().max(1)).isZero();
            assertThat(found.ranges().isSparse(1)).isTrue();
            assertThat(found.ranges().isSparse(0)).isFalse();
            assertThat(found.faults().count()).isZero();
        }
    }

    @Test
    void ofSeveralFaultsTheSameIsToldForAnyOrder() {
        InternalRow[] rows = {row("x", 1, null, 1), row("y", 1, Double.NaN, 2), row("x", -1, 1.0, 3)};
        TableSurvey one = survey(rows);
        TableSurvey other = survey(rows[2]).plus(survey(rows[1], rows[0]));
        assertThat(one.faults().count()).isEqualTo(3);
        assertThat(other.faults().count()).isEqualTo(3);
        assertThat(one.rows()).isZero();
        assertThat(one.faults().first())
                .isEqualTo(other.faults().first())
                .isEqualTo("found null or NaN in column a, expected a finite number, in the row kind x, a NaN, b 1.0");
    }
}
