package dev.kindling.data.tables;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.Kryo;
import dev.kindling.Regressor;
import dev.kindling.SparkTest;
import dev.kindling.TableModel;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Signature;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ModelTableTest {
    private static final Dataset<Row> ROWS = SparkTest.session()
            .range(600)
            .selectExpr(
                    "id",
                    "double(id % 7) as a",
                    "double(hash(id) % 100) / 10 as `b.c`",
                    "int(id % 3) as kind",
                    "double(id) * 10 as price");

    private static TableModel classifier;

    @BeforeAll
    static void train() {
        classifier = new Classifier()
                .features("a", "b.c")
                .label("kind")
                .hiddenLayers(4)
                .seed(7)
                .recipe(recipe -> recipe.iterations(3))
                .fit(ROWS);
    }

    private static ModelTable table(TableModel model, Dataset<Row> rows, Missing missing) {
        Signature signature = model.network().signature().orElseThrow();
        return new ModelTable(rows, signature, missing, 7, "the table");
    }

    private static ModelTable table(Dataset<Row> rows) {
        return table(classifier, rows, Missing.ERROR);
    }

    private static void assertSame(TableModel model, Dataset<Row> rows) {
        try (PackedRows packed = table(model, rows, Missing.ERROR).pack(3)) {
            assertThat(packed.fingerprint()).isEqualTo(model.provenance().fingerprint());
            assertThat(packed.rows()).isEqualTo(600);
            assertThat(packed.validationRows()).isZero();
        }
    }

    private static void assertRefused(ThrowingCallable action, String... parts) {
        assertThatThrownBy(action)
                .isInstanceOf(KindlingException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).hasLineCount(1));
    }

    @Test
    void theRowsAreThoseThatTheModelWasTrainedOn() {
        assertSame(classifier, ROWS);
        assertSame(
                classifier, ROWS.withColumn("kind", col("kind").cast("double")).repartition(5));
        try (PackedRows packed = table(ROWS).pack()) {
            assertThat(packed.fingerprint()).isEqualTo(classifier.provenance().fingerprint());
        }
        Dataset<Row> arrays = ROWS.selectExpr("array(a, `b.c`) as features", "price", "a as age");
        TableModel regressor = new Regressor()
                .features("features")
                .target("price", "age")
                .hiddenLayers(4)
                .seed(7)
                .recipe(recipe -> recipe.iterations(3))
                .fit(arrays);
        assertSame(regressor, arrays);
    }

    @Test
    void rowsThatDoNotFitTheModelAreRefusedInOneLine() {
        assertRefused(() -> table(ROWS.drop("a")), "the table: found columns", "expected one called a");
        assertRefused(() -> table(ROWS.drop("kind")), "expected one called kind");
        assertRefused(() -> table(classifier, ROWS, Missing.KEEP), "missing: found keep, expected error or skip");
        assertRefused(
                () -> table(ROWS.withColumn("kind", expr("kind + 2"))).pack(2),
                "the table: found label 3 in column kind, expected one that the model was trained on");
        assertRefused(
                () -> table(ROWS.withColumn("kind", expr("kind + 2"))).example("id = 1"),
                "the table: found label 3 in column kind, expected one that the model was trained on");
        assertRefused(() -> table(ROWS.where("id < 0")).pack(2), "the table: found no rows");
        Dataset<Row> holes = ROWS.withColumn("a", expr("if(id = 4, null, a)"));
        assertRefused(() -> table(holes).pack(2), "the table: found null or NaN in column a", "missing skip");
        try (PackedRows packed = table(classifier, holes, Missing.SKIP).pack(2)) {
            assertThat(packed.rows()).isEqualTo(599);
        }
    }

    @Test
    void aConditionPicksTheOneRowAsItIsInTheTable() {
        TableExample found = table(ROWS).example("id = 17 and price > 0");
        assertThat(found.values())
                .containsExactly(3, ROWS.where("id = 17").first().getDouble(2));
        assertThat(found.label()).isEqualTo("2");
        assertThat(found.targets()).isEmpty();
        TableExample again = table(ROWS.union(ROWS)).example("id = 17");
        assertThat(again.isLike(found)).isTrue();
    }

    @Test
    void whatPicksNoRowOrSeveralOrIsNoConditionIsToldInOneLine() {
        assertRefused(
                () -> table(ROWS).example("id > 1000"),
                "where: found 0 rows of the table where id > 1000, expected one");
        assertRefused(() -> table(ROWS.repartition(5)).example("id < 5"), "found 5 rows of the table where id < 5");
        assertRefused(() -> table(ROWS.where("false")).example("id = 1"), "found 0 rows");
        for (String wrong : List.of("id =", "size = 3", "id", "id = 'seventeen'", "1 / (id - id) > 0", "id = 1\n2")) {
            assertRefused(() -> table(ROWS).example(wrong), "where: found " + wrong.replace('\n', '?'), "in SQL");
        }
        Dataset<Row> holes = ROWS.withColumn("a", expr("if(id = 4, null, a)"));
        assertRefused(() -> table(holes).example("id = 4"), "found null or NaN in column a");
        assertRefused(
                () -> table(classifier, holes, Missing.SKIP).example("id = 4"),
                "found 0 rows",
                "and left out 1 in which something is missing");
    }

    @Test
    void rowsOfAnotherWidthAreRefused() {
        Dataset<Row> arrays = ROWS.selectExpr("array(a, `b.c`) as features", "kind");
        TableModel model = new Classifier()
                .label("kind")
                .hiddenLayers()
                .recipe(recipe -> recipe.iterations(1))
                .fit(arrays);
        Dataset<Row> wide = arrays.withColumn("features", expr("array(1.0, 2.0, 3.0)"));
        assertRefused(
                () -> table(model, wide, Missing.ERROR).pack(2), "the table: found 3 features in features, expected 2");
        assertRefused(
                () -> table(model, wide, Missing.ERROR).example("true"), "the table: found 3 features, expected 2");
        assertRefused(() -> table(model, ROWS.withColumn("features", col("a")), Missing.ERROR), "of another kind");
    }

    @Test
    void whatTasksFindArrivesByKryoToo() {
        TableExample example = new TableExample(new double[] {1, 2}, "a", new double[] {3});
        assertThat(Kryo.send(example).isLike(example)).isTrue();
        assertThat(Kryo.send(new PickedRows()).plus(new PickedRows()).count()).isZero();
    }
}
