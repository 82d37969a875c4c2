package guest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.error.KindlingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as functions of SQL, and of columns. */
class SqlTest {
    private static final SparkSession SPARK = SqlSession.activate();

    @TempDir
    private static Path folder;

    private static ClassifierModel classifier;

    @BeforeAll
    static void train() {
        classifier = new Classifier()
                .label("kind")
                .hiddenLayers(8)
                .recipe(recipe -> recipe.iterations(40))
                .fit(rows());
        classifier.save(path("classifier"));
        rows().createOrReplaceTempView("points");
    }

    @BeforeEach
    void begin() {
        SqlSession.activate();
    }

    @AfterEach
    void end() {
        SparkSession.setActiveSession(SparkTest.session());
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Dataset<Row> rows() {
        return SPARK.range(0, 300, 1, 3)
                .selectExpr("id % 7 as a", "id % 11 / 3D as b", "if(id % 7 > id % 11, 'under', 'over') as kind");
    }

    private static Dataset<Row> sql(String query) {
        return SPARK.sql(query.replace("$", folder + "/"));
    }

    private static void assertSame(Dataset<Row> found, Dataset<Row> expected) {
        assertThat(found.collectAsList()).isEqualTo(expected.collectAsList());
    }

    private static void assertRefused(String query, String... words) {
        assertThatThrownBy(() -> sql(query).collect())
                .isInstanceOf(KindlingException.class)
                .message()
                .contains(words)
                .doesNotContain("\n");
    }

    @Test
    void aQueryPredictsAsTransformDoes() {
        Dataset<Row> expected = classifier.transform(rows()).select("prediction", "probability");
        Dataset<Row> found = sql(
                "select kindling_predict('$classifier', a, b), kindling_probability('$classifier', a, b) from points");
        assertSame(found, expected);
        assertThat(found.columns())
                .containsExactly(
                        "kindling_predict(" + path("classifier") + ", a, b)",
                        "kindling_probability(" + path("classifier") + ", a, b)");
        assertThat(found.schema().fields()[0].dataType()).isEqualTo(DataTypes.StringType);
    }

    @Test
    void theFieldsOfAStructAreFoundByTheirNames() {
        assertSame(
                sql("select kindling_predict('$classifier', struct(*)) from points"),
                classifier.transform(rows()).select("prediction"));
        assertSame(
                sql("select kindling_predict('$classifier', named_struct('B', b, 'other', kind, 'a', a)) from points"),
                classifier.transform(rows()).select("prediction"));
    }

    @Test
    void itIsAFunctionLikeOthers() {
        String call = "kindling_predict('$classifier', a, b)";
        Dataset<Row> expected = classifier.transform(rows());
        assertSame(
                sql("select " + call + ", count(*) from points group by " + call + " having " + call
                        + " > 'a' order by " + call),
                expected.groupBy("prediction").count().orderBy("prediction"));
        assertSame(
                sql("select " + call + ", a, count(*) from points group by rollup(" + call + ", a) order by 1, 2"),
                expected.rollup("prediction", "a").count().orderBy("prediction", "a"));
        assertThat(sql("select * from points where " + call + " = 'under'").count())
                .isEqualTo(expected.where("prediction = 'under'").count());
        assertThat(sql("select max(kindling_probability('$classifier', a, b)[0]) from points")
                        .first()
                        .getFloat(0))
                .isEqualTo(expected.selectExpr("max(probability[0])").first().getFloat(0));
        assertThat(sql("select transform(array(1, 2), x -> kindling_predict('$classifier', x, 2)) as each")
                        .first()
                        .getList(0))
                .hasSize(2);
        assertThat(sql("select kindling_predict('$classifier', 1, 2)").first().getString(0))
                .isEqualTo(classifier.<String>predict(1, 2));
        assertThat(sql("describe function kindling_predict").collectAsList().toString())
                .contains("(path, features...)");
    }

    @Test
    void aPredictionAndItsProbabilitiesAreWorkedOutOnce() {
        String code = sql("select kindling_predict('$classifier', a, b), kindling_probability('$classifier', a, b) from"
                        + " points")
                .queryExecution()
                .explainString(ExplainMode.fromString("codegen"));
        assertThat(code.split("\\.score\\(", -1)).as(code).hasSize(2);
    }

    @Test
    void onlyTheColumnsThatTheModelTakesAreRead() {
        String table = path("wide.parquet");
        rows().withColumn("other", col("a")).write().parquet(table);
        String plan = SPARK.read()
                .parquet(table)
                .select(expr("kindling_predict('" + path("classifier") + "', struct(*))"))
                .queryExecution()
                .executedPlan()
                .toString();
        assertThat(plan).contains("ReadSchema: struct<a:bigint,b:double>");
    }

    @Test
    void whereSomethingIsMissingItGivesNull() {
        assertThat(
                        sql("select kindling_predict('$classifier', cast(null as int), 1), kindling_probability('$classifier',"
                                        + " 1, double('NaN')), kindling_predict('$classifier', cast(null as struct<a:int, b:int>))")
                                .first())
                .isEqualTo(RowFactory.create(null, null, null));
    }

    @Test
    void aRegressionGivesItsNumbers() {
        Regressor regressor = new Regressor().features("a").hiddenLayers(4).recipe(recipe -> recipe.iterations(20));
        RegressorModel one = regressor.target("b").fit(rows());
        one.save(path("one"));
        RegressorModel two = regressor.target("b", "c").fit(rows().selectExpr("a", "b", "a * b as c"));
        two.save(path("two"));
        assertSame(
                sql("select kindling_predict('$one', a), kindling_predict('$two', a) from points"),
                one.transform(rows())
                        .withColumnRenamed("prediction", "first")
                        .transform(two::transform)
                        .select("first", "prediction"));
        assertRefused("select kindling_probability('$one', a) from points", "predicts numbers", path("one"));
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertRefused("select kindling_predict()", "found no arguments", "path of a model");
        assertRefused("select kindling_predict('$classifier')", "found 0 columns", "expected 2: a, b");
        assertRefused("select kindling_predict('$classifier', a) from points", "found 1 columns", "expected 2: a, b");
        assertRefused("select kindling_predict('$classifier', a, kind) from points", "STRING", "for b", "a number");
        assertRefused("select kindling_predict('$classifier', struct(a)) from points", "found columns a", "called b");
        assertRefused("select kindling_predict(kind, a, b) from points", "depends on the row", "literal");
        assertRefused("select kindling_predict(cast(null as string), a, b) from points", "found null");
        assertRefused("select kindling_predict(7, a, b) from points", "type INT");
        assertRefused("select kindling_predict('$nothing', a, b) from points", "found no model", path("nothing"));
    }

    @Test
    void aPathMayBeMadeOfLiterals() {
        assertThat(sql("select kindling_predict(concat('$', 'class') || 'ifier', 1, 2)")
                        .first()
                        .getString(0))
                .isEqualTo(classifier.<String>predict(1, 2));
    }

    @Test
    void aModelOfImagesTakesArraysAndBytesAndPixels() {
        String images = "src/test/resources/models/format-2";
        ClassifierModel model = ClassifierModel.load(SPARK, images);
        int pixels = model.network().architecture().inputs();
        Dataset<Row> rows = SPARK.range(5)
                .selectExpr("repeat(concat('p', id), " + pixels + ") as text")
                .selectExpr(
                        "cast(substr(text, 1, " + pixels + ") as binary) as bytes",
                        "transform(sequence(1, " + pixels + "), i -> ascii(substr(text, i, 1))) as levels",
                        "transform(sequence(1, " + pixels + "), i -> ascii(substr(text, i, 1)) / 255D) as features");
        String all =
                IntStream.range(0, pixels).mapToObj(k -> "levels[" + k + "]").collect(Collectors.joining(", "));
        Dataset<Row> expected = model.transform(rows).select("probability");
        for (String features : List.of("features", "bytes", all)) {
            assertSame(rows.selectExpr("kindling_probability('" + images + "', " + features + ")"), expected);
        }
    }

    private static RegressorModel constant(double value) {
        return new Regressor()
                .target("value")
                .hiddenLayers()
                .recipe(recipe -> recipe.iterations(1))
                .fit(SPARK.range(20).selectExpr("id as a", value + " as value"));
    }

    @Test
    void aModelIsReadOnceAndAgainWhenAnotherHasBeenSaved() throws IOException {
        String query = "select round(kindling_predict('$replaced', a)) from points limit 1";
        constant(1).save(path("replaced"));
        Dataset<Row> first = sql(query);
        assertThat(first.first().getDouble(0)).isEqualTo(1);
        Files.delete(folder.resolve("replaced/parameters.parquet"));
        assertThat(sql(query).first().getDouble(0)).isEqualTo(1);

        constant(2).save(path("replaced"), true);
        assertThat(sql(query).first().getDouble(0)).isEqualTo(2);
        assertThat(first.first().getDouble(0))
                .as("a query that has been planned")
                .isEqualTo(1);
    }

    @Test
    void aViewHasTheNewestModelAndCachedRowsAreThoseOfTheirModel() {
        String query = "select round(kindling_predict('$viewed', a)) as value from points limit 1";
        constant(1).save(path("viewed"));
        sql("create temporary view viewed as " + query);
        Dataset<Row> cached = sql(query).cache();
        assertThat(cached.first().getDouble(0)).isEqualTo(1);
        assertThat(SPARK.table("viewed").queryExecution().withCachedData().toString())
                .contains("InMemoryRelation");
        constant(2).save(path("viewed"), true);
        assertThat(SPARK.table("viewed").first().getDouble(0)).isEqualTo(2);
        assertThat(cached.first().getDouble(0)).isEqualTo(1);
        cached.unpersist();
        SPARK.catalog().dropTempView("viewed");
    }

    @Test
    void aStreamIsPredicted() throws Exception {
        rows().write().parquet(path("stream"));
        StreamingQuery query = SPARK.readStream()
                .schema(rows().schema())
                .parquet(path("stream"))
                .withColumn("found", expr("kindling_predict('" + path("classifier") + "', a, b)"))
                .withColumn("same", classifier.asFunction().apply(col("a"), col("b")))
                .writeStream()
                .format("memory")
                .queryName("predicted")
                .start();
        try {
            query.processAllAvailable();
            assertThat(SPARK.table("predicted").where("found = same").count()).isEqualTo(300);
        } finally {
            query.stop();
        }
    }

    @Test
    void aModelIsAFunctionOfColumns() {
        assertSame(
                rows().select(
                                classifier.asFunction().apply(col("a"), col("b")),
                                classifier.asProbabilityFunction().apply(col("a"), col("b"))),
                classifier.transform(rows()).select("prediction", "probability"));
        assertThatThrownBy(() -> rows().select(classifier.asFunction().apply(col("a"))))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found 1 columns of features, expected 2: a, b");
        assertThatThrownBy(() -> rows().select(classifier.asFunction().apply(col("a"), col("kind"))))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found type STRING for b");
    }

    @Test
    void aFunctionTakesAnArrayOfAnyNumbers() {
        Dataset<Row> arrays = rows().selectExpr("array(double(a), b) as features", "kind");
        ClassifierModel model = new Classifier()
                .label("kind")
                .hiddenLayers(4)
                .recipe(recipe -> recipe.iterations(20))
                .fit(arrays);
        model.save(path("arrays"));
        for (String type : List.of("tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,2)")) {
            Dataset<Row> typed = rows().selectExpr("cast(array(a, 3) as array<" + type + ">) as features");
            assertSame(
                    typed.select(expr("kindling_predict('" + path("arrays") + "', features)")),
                    model.transform(typed.selectExpr("cast(features as array<double>) as features"))
                            .select("prediction"));
        }
        assertThat(sql("select kindling_predict('$arrays', array(1, null)), kindling_predict('$arrays', array(true,"
                                + " false))")
                        .first())
                .isEqualTo(RowFactory.create(null, model.<String>predict(1, 0)));
        assertThatThrownBy(() -> sql("select kindling_predict('$arrays', array(1, 2, 3))")
                        .collect())
                .hasStackTraceContaining("found 3 features in features, expected 2");
        assertRefused("select kindling_predict('$arrays', a, b) from points", "found 2 columns", "expected 1");
        assertRefused("select kindling_predict('$arrays', array('x')) from points", "ARRAY<STRING>", "bytes");
    }
}
