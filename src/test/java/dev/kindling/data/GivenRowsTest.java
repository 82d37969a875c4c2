package dev.kindling.data;

import static dev.kindling.data.files.DataFiles.failure;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.network.Architecture;
import dev.kindling.training.Recipe;
import dev.kindling.training.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DataFrames that a caller gives, in other forms than the schema. */
class GivenRowsTest {
    private static final int ROWS = 600;
    private static final Architecture ARCHITECTURE = Architecture.parse("3,4,2");

    /** Row id has label id % 2 and features of its own. */
    private static Dataset<Row> plain() {
        return SparkTest.session()
                .range(ROWS)
                .selectExpr("id", "int(id % 2) as label", "array(float(id % 7), float(id % 2), float(0)) as features");
    }

    private static LabelledRows labelled(Dataset<Row> rows) {
        return new LabelledRows(rows, ROWS, 3, "given rows");
    }

    /** What is wrong with row 5 when one of its columns is replaced. */
    private static String failureOf(String column, String expression) {
        String replaced = "if(id = 5, " + expression + ", " + column + ")";
        Dataset<Row> rows = plain().withColumn(column, expr(replaced));
        String ofPacking = failure(
                () -> PackedRows.pack(labelled(rows), ARCHITECTURE, 2, 1).close());
        assertThat(failure(() -> Example.draw(labelled(rows), ROWS, 1, OptionalInt.empty())))
                .isEqualTo(ofPacking);
        return ofPacking;
    }

    private static String fingerprint(Dataset<Row> rows) {
        try (PackedRows packed = PackedRows.pack(labelled(rows), ARCHITECTURE, 2, 1)) {
            return packed.fingerprint();
        }
    }

    private static float[] trained(Dataset<Row> rows) {
        Recipe recipe = Recipe.builder()
                .layers(ARCHITECTURE)
                .iterations(5)
                .batchSize(256)
                .build();
        try (PackedRows packed = PackedRows.pack(labelled(rows), ARCHITECTURE, 2, 1)) {
            return new Trainer(packed, recipe, step -> {}).train().parameters();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bigint | int     | float",
                "int    | tinyint | tinyint",
                "smallint | smallint | smallint",
                "bigint | bigint | int",
                "bigint | float   | bigint",
                "bigint | double  | double",
                "bigint | decimal(4,2) | decimal(9,3)",
                "bigint | decimal(38,18) | decimal(38,18)",
                "bigint | boolean | float",
            })
    void theSameNumbersInOtherTypesAndPlacesGiveTheSameBits(String id, String label, String element) {
        Dataset<Row> given = plain().selectExpr(
                        "'more' as `an extra.column`",
                        "cast(features as array<" + element + ">) as Features",
                        "cast(label as " + label + ") as label",
                        "cast(id as " + id + ") as id");
        assertThat(fingerprint(given)).isEqualTo(fingerprint(plain()));
        assertThat(trained(given)).isEqualTo(trained(plain()));
        List<Example> drawn = Example.draw(labelled(given), 20, 1, OptionalInt.of(1));
        assertThat(drawn).hasSize(20).allSatisfy(example -> {
            assertThat(example.label()).isEqualTo(1);
            assertThat(example.features()).containsExactly((float) (example.id() % 7), 1f, 0f);
        });
    }

    /** 600 rows of which only 14 are different from each other, and as many that differ in a feature of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "id"})
    void withoutIdsTheSameRowsGiveTheSameBitsInAnyOrderAndAnyPartitions(String feature) {
        Dataset<Row> rows =
                plain().selectExpr("label", "array(features[0], features[1], float(" + feature + ")) as features");
        float[] expected = trained(rows.coalesce(1));
        String fingerprint = fingerprint(rows);
        for (Dataset<Row> same : List.of(
                rows.orderBy(col("features").desc()),
                rows.repartition(7),
                rows.orderBy(rand(1)),
                rows.repartition(3, col("label")))) {
            assertThat(fingerprint(same)).isEqualTo(fingerprint);
            assertThat(trained(same)).isEqualTo(expected);
        }
        Dataset<Row> other = rows.withColumn("label", expr("if(features[0] = 0, 1, label)"));
        assertThat(fingerprint(other)).isNotEqualTo(fingerprint);
        assertThat(trained(other)).isNotEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cast(null as int) | array(float(1)) | found label null, expected a whole number, in the row label null, features [1.0]",
                "1 | array(1f, cast(null as float)) | found feature 1 is null, expected a number, in the row label 1, features [1.0, null]",
                "1 | cast(null as array<float>) | found features that are null, expected an array of numbers, in the row label 1, features null",
                "0.5 | array_repeat(1f, 11) | found label 0.5, expected a whole number, in the row label 0.5, features [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, ...]",
            })
    void withoutIdsAWrongRowIsShown(String label, String features, String message) {
        Dataset<Row> rows = SparkTest.session().range(1).selectExpr(label + " as label", features + " as features");
        LabelledRows labelled = new LabelledRows(rows, 1, 1, "given rows");
        assertThat(failure(() -> Example.draw(labelled, 1, 1, OptionalInt.empty())))
                .isEqualTo("given rows: " + message);
    }

    @Test
    void theLabelsAndFeaturesThatAreGivenAreTheOnesThatAreTrainedOn() {
        assertThat(fingerprint(plain())).isNotEqualTo(fingerprint(plain().withColumn("label", expr("1 - label"))));
        assertThat(fingerprint(plain()))
                .isNotEqualTo(fingerprint(plain().withColumn("features", expr("reverse(features)"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label | cast(null as int) | row 5: found label null, expected a whole number",
                "label | double(0.5) | row 5: found label 0.5, expected a whole number",
                "label | double('NaN') | row 5: found label NaN, expected a whole number",
                "label | float('-Infinity') | row 5: found label -Infinity, expected a whole number",
                "label | cast('0.999999999999999999' as decimal(38,18)) | row 5: found label 0.999999999999999999, expected a whole number",
                "label | 4294967296 | row 5: found label 4294967296, expected a whole number",
                "features | cast(null as array<float>) | row 5: found features that are null, expected an array of numbers",
                "features | array(1f, cast(null as float), 2f) | row 5: found feature 1 is null, expected a number",
                "id | cast(null as bigint) | found a row whose id is null, expected its position, from 0",
            })
    void whatIsNullOrNoNumberIsRefusedWithItsRow(String column, String expression, String message) {
        assertThat(failureOf(column, expression))
                .isEqualTo("given rows" + (message.startsWith("row") ? " " : ": ") + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | string(id) | STRING | TINYINT, SMALLINT, INT or BIGINT",
                "id | double(id) | DOUBLE | TINYINT, SMALLINT, INT or BIGINT",
                "label | string(label) | STRING | a type of numbers, or BOOLEAN",
                "features | features[0] | FLOAT | ARRAY with a type of numbers for its elements",
                "features | array('1', '2', '3') | ARRAY<STRING> | ARRAY with a type of numbers for its elements",
                "features | binary('123') | BINARY | ARRAY with a type of numbers for its elements",
            })
    void aColumnOfATypeThatIsNotReadIsRefusedByName(String column, String expression, String type, String expected) {
        assertThat(failure(() -> labelled(plain().withColumn(column, expr(expression)))))
                .isEqualTo("given rows: found column " + column + " of type " + type + ", expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "label", "features"})
    void aColumnThatIsMissingOrThereTwiceIsRefusedByName(String column) {
        if (!column.equals("id")) {
            assertThat(failure(() -> labelled(plain().drop(column)))).endsWith(", expected one called " + column);
        }
        assertThat(failure(() -> labelled(plain().selectExpr("*", column + " as " + column.toUpperCase(Locale.ROOT)))))
                .isEqualTo("given rows: found columns id, label, features, " + column.toUpperCase(Locale.ROOT)
                        + ", expected one called " + column);
    }

    @Test
    void aSetWithoutRowsIsRefused() {
        assertThat(failure(() -> new LabelledRows(plain(), 0, 3, "given rows")))
                .isEqualTo("given rows: found 0 rows, expected 1 to 549755813632");
    }
}
