package guest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.data.tables.Missing;
import dev.kindling.network.RowPredictor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.streaming.runtime.StreamingQueryWrapper;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows go through a large network together, wherever Spark asks for all of them, and each has the bits that it has alone. */
class BlocksTest {
    private static final SparkSession SPARK = SparkTest.session();
    /** A partition has more than one block, and the last is not full. */
    private static final int ROWS = 301;
    /** As a plan shows it. */
    private static final String OPERATOR = "Network [kindling(";

    @TempDir
    private static Path folder;

    private static ClassifierModel large;
    private static Dataset<Row> table;

    @BeforeAll
    static void train() {
        String file = folder.resolve("rows.parquet").toString();
        SPARK.range(0, ROWS, 1, 3)
                .selectExpr("id", "id % 7 as a", "id % 11 / 3D as b", "if(id % 7 > id % 11, 'under', 'over') as kind")
                .write()
                .parquet(file);
        table = SPARK.read().parquet(file);
        large = classifier(150, 120).features("a", "b").fit(table);
    }

    private static Classifier classifier(int... hidden) {
        return new Classifier().label("kind").hiddenLayers(hidden).recipe(recipe -> recipe.iterations(40));
    }

    /** How a query runs; of one that has run already, without how it was to run at first. */
    private static String plan(Dataset<Row> query) {
        return query.queryExecution().executedPlan().toString().split("== Initial Plan ==", 2)[0];
    }

    /** How often a plan has the operator. */
    private static int operators(Dataset<Row> query) {
        return plan(query).split(Pattern.quote(OPERATOR), -1).length - 1;
    }

    /** Compares with what the model says of each row alone, without Spark. */
    private static void assertPredicted(Dataset<Row> found) {
        for (Row row : found.collectAsList()) {
            double[] features = {((Number) row.getAs("a")).doubleValue(), row.<Double>getAs("b")};
            assertThat(row.<String>getAs("prediction")).isEqualTo(large.<String>predict(features));
            float[] expected = large.probabilities(features);
            List<Float> probabilities = row.getList(row.fieldIndex("probability"));
            assertThat(probabilities).containsExactly(expected[0], expected[1]);
        }
    }

    @Test
    void rowsOfALargeNetworkAreScoredTogether() {
        Dataset<Row> found = large.transform(table);
        assertThat(operators(found)).as(plan(found)).isEqualTo(1);
        assertThat(found.count()).isEqualTo(ROWS);
        assertPredicted(found);
        assertThat(operators(classifier(8).features("a", "b").fit(table).transform(table)))
                .isZero();
    }

    @Test
    void featuresOfAnyFormAreScoredTogether() {
        Dataset<Row> arrays = table.select(
                col("id"),
                col("kind"),
                col("a"),
                col("b"),
                array(col("a"), col("b")).as("both"));
        ClassifierModel ofArrays = classifier(150, 120).features("both").fit(arrays);
        Dataset<Row> found = ofArrays.transform(arrays);
        assertThat(operators(found)).isEqualTo(1);
        assertPredicted(found);
        Dataset<Row> bytes = table.selectExpr("kind", "cast(char(id % 100) as binary) as image");
        ClassifierModel ofBytes = classifier(150, 120).features("image").fit(bytes);
        Dataset<Row> images = ofBytes.transform(bytes);
        assertThat(operators(images)).isEqualTo(1);
        for (Row row : images.collectAsList()) {
            assertThat(row.<String>getAs("prediction"))
                    .isEqualTo(ofBytes.<String>predict(row.<byte[]>getAs("image")[0] & 0xff));
        }
    }

    @Test
    void numbersAreScoredTogetherToo() {
        RegressorModel model = new Regressor()
                .target("b")
                .features("id", "a")
                .hiddenLayers(150, 120)
                .recipe(recipe -> recipe.iterations(2))
                .fit(table);
        Dataset<Row> found = model.transform(table);
        assertThat(operators(found)).isEqualTo(1);
        for (Row row : found.collectAsList()) {
            assertThat(row.<Double>getAs("prediction"))
                    .isEqualTo(model.predict(row.<Long>getAs("id").doubleValue(), row.<Long>getAs("a"))[0]);
        }
    }

    @Test
    void whatIsMissingInABlockIsNullInItsRowAlone() {
        Dataset<Row> gaps =
                table.withColumn("b", when(col("id").mod(5).equalTo(0), null).otherwise(col("b")));
        Dataset<Row> found = large.transform(gaps, Missing.KEEP);
        assertThat(operators(found)).isEqualTo(1);
        assertThat(found.where("b is null and prediction is null and probability is null")
                        .count())
                .isEqualTo(ROWS / 5 + 1);
        assertPredicted(found.where("b is not null"));
        assertThatThrownBy(() -> large.transform(gaps).collect())
                .hasStackTraceContaining("found null or NaN in column b, expected a finite number, in the row a ");
    }

    /** A filter asks row by row, as conditions before it spare it rows, and files are read by those after it. */
    @Test
    void aFilterLeavesItsOtherConditionsWhereTheyAre() {
        Dataset<Row> found = large.transform(table).where("id < 40 and prediction = 'over'");
        String plan = plan(found);
        assertThat(operators(found)).as(plan).isEqualTo(1);
        assertThat(plan).contains("LessThan(id,40)", "< 40)) AND (element_at(");
        List<Row> expected = large.transform(table).collectAsList().stream()
                .filter(row -> row.<Long>getAs("id") < 40 && "over".equals(row.getAs("prediction")))
                .toList();
        assertThat(expected).isNotEmpty().hasSizeLessThan(40);
        assertThat(found.collectAsList()).isEqualTo(expected);
    }

    @Test
    void severalNetworksOfOneProjectionAreAskedInOneStep() {
        ClassifierModel other = classifier(160, 110).features("a").fit(table);
        Dataset<Row> found = table.select(
                col("a"),
                col("b"),
                large.asFunction().apply(col("a"), col("b")).as("prediction"),
                large.asProbabilityFunction().apply(col("a"), col("b")).as("probability"),
                other.asFunction().apply(col("a")).as("other"));
        assertThat(operators(found)).as(plan(found)).isEqualTo(1);
        assertPredicted(found);
        for (Row row : found.collectAsList()) {
            assertThat(row.<String>getAs("other"))
                    .isEqualTo(other.<String>predict(row.<Long>getAs("a").doubleValue()));
        }
    }

    /** Spark keeps the order of the first rows only if nothing comes between sorting and projecting. */
    @Test
    void theFirstRowsOfASortedTableAreFoundAsWithoutANetwork() {
        Column prediction = large.asFunction().apply(col("a"), col("b"));
        Dataset<Row> found = table.orderBy("id").limit(5).withColumn("prediction", prediction);
        assertThat(plan(found)).contains("TakeOrderedAndProject");
        Dataset<Row> counted = found.groupBy().agg(min("id"), max("id"));
        assertThat(plan(counted)).contains("TakeOrderedAndProject");
        assertThat(counted.first().getLong(1)).isEqualTo(4);
    }

    @Test
    void theFileOfARowIsThatOfTheRow() {
        Dataset<Row> found = large.transform(table.coalesce(1))
                .withColumn("file", input_file_name())
                .groupBy("file")
                .agg(count(lit(1)).as("rows"), max("prediction"));
        assertThat(operators(found)).isZero();
        Dataset<Row> expected = table.coalesce(1).groupBy(input_file_name()).count();
        assertThat(found.select("rows").sort("rows").collectAsList())
                .isEqualTo(expected.select("count").sort("count").collectAsList());
    }

    @Test
    void whatIsWrongWithARowIsNothingToThoseBeforeIt() {
        Dataset<Row> ordered = table.coalesce(1).sortWithinPartitions("id");
        Dataset<Row> gap =
                ordered.withColumn("b", when(col("id").equalTo(40), null).otherwise(col("b")));
        Dataset<Row> found = large.transform(gap);
        assertThat(operators(found)).isEqualTo(1);
        assertThat(found.limit(40).collectAsList()).hasSize(40);
        assertPredicted(found.limit(40));
        assertThatThrownBy(() -> found.limit(41).collect()).hasStackTraceContaining("found null or NaN in column b");
        Dataset<Row> thrown = ordered.withColumn("b", expr("if(id = 40, raise_error('forty'), b)"));
        assertThat(large.transform(thrown).limit(40).collectAsList()).hasSize(40);
        assertThatThrownBy(() -> large.transform(thrown).collect()).hasStackTraceContaining("forty");
    }

    @Test
    void onlyTheColumnsThatAreWantedAreRead() {
        Dataset<Row> found = large.transform(table).select("prediction");
        assertThat(operators(found)).isEqualTo(1);
        assertThat(plan(found)).contains("ReadSchema: struct<a:bigint,b:double>");
        assertThat(found.columns()).containsExactly("prediction");
    }

    @Test
    void whatSparkMayNotAskForIsNotAskedBefore() {
        Column prediction = large.asFunction().apply(col("a"), col("b"));
        Dataset<Row> found = table.select(when(col("a").gt(2), prediction).as("found"));
        assertThat(operators(found)).isZero();
        assertThat(found.where("found is not null").count())
                .isEqualTo(table.where("a > 2").count());
        Dataset<Row> always =
                table.select(when(prediction.equalTo("over"), 1).otherwise(0).as("is_over"));
        assertThat(operators(always)).isEqualTo(1);
        assertThat(always.agg(sum("is_over")).first().getLong(0))
                .isEqualTo(large.transform(table).where("prediction = 'over'").count());
    }

    /** Without generated code a row is made when it is taken, not when Spark looks whether there is one. */
    @Test
    void aFirstRowOfABlockThatCannotBeReadIsAnErrorAndNotTheRowBefore() {
        SparkSession plain = SPARK.newSession();
        plain.conf().set("spark.sql.codegen.wholeStage", false);
        plain.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        Dataset<Row> rows = plain.read()
                .parquet(folder.resolve("rows.parquet").toString())
                .coalesce(1)
                .sortWithinPartitions("id");
        for (int first : new int[] {0, RowPredictor.BLOCK}) {
            Dataset<Row> found =
                    large.transform(rows.withColumn("b", expr("if(id = " + first + ", raise_error('first'), b)")));
            assertThat(operators(found)).isEqualTo(1);
            assertThat(found.limit(first).collectAsList()).hasSize(first);
            assertThatThrownBy(found::collect).hasStackTraceContaining("first");
        }
    }

    @Test
    void featuresMayBeWhatAnotherQueryFindsOrWhatIsDrawn() {
        table.createOrReplaceTempView("blocks_rows");
        Dataset<Row> found = table.withColumn("most", expr("(select max(a) from blocks_rows)"))
                .select(large.asFunction().apply(col("most"), col("b")).as("found"), col("b"));
        assertThat(operators(found)).isEqualTo(1);
        for (Row row : found.collectAsList()) {
            assertThat(row.getString(0)).isEqualTo(large.<String>predict(6, row.getDouble(1)));
        }
        Dataset<Row> drawn = table.select(
                large.asFunction().apply(rand(1).multiply(7), col("b")).as("found"));
        assertThat(operators(drawn)).isZero();
        assertThat(drawn.distinct().count()).isEqualTo(2);
    }

    /** Spark plans what is left of such a query anew when a part of it has run. */
    @Test
    void aQueryIsPlannedAnewWhileItRuns() {
        Dataset<Row> cached = table.withColumn("again", col("a")).cache();
        Dataset<Row> found = large.transform(cached).groupBy("prediction").count();
        long over = large.transform(table).collectAsList().stream()
                .filter(row -> "over".equals(row.getAs("prediction")))
                .count();
        Row counted = found.where("prediction = 'over'").first();
        assertThat(found.collectAsList()).hasSize(2).contains(counted);
        cached.unpersist();
        assertThat(counted.getLong(1)).isEqualTo(over);
        assertThat(operators(found)).isEqualTo(1);
    }

    /** Two of them are more than a block holds. */
    @Test
    void rowsThatTakeMuchRoomAreScoredTogetherToo() {
        Dataset<Row> wide = table.limit(9).withColumn("photograph", lit(new byte[3 << 20]));
        Dataset<Row> found = large.transform(wide);
        assertThat(operators(found)).isEqualTo(1);
        assertThat(found.collectAsList()).hasSize(9).allMatch(row -> row.<byte[]>getAs("photograph").length == 3 << 20);
        assertPredicted(found);
    }

    @Test
    void rowsOfAStreamDoNotWaitForEachOther() throws TimeoutException, StreamingQueryException {
        Dataset<Row> stream = SPARK.readStream()
                .schema(table.schema())
                .parquet(folder.resolve("rows.parquet").toString());
        StreamingQuery query = large.transform(stream)
                .writeStream()
                .format("memory")
                .queryName("blocks")
                .start();
        query.processAllAvailable();
        String plan = ((StreamingQueryWrapper) query)
                .streamingQuery()
                .lastExecution()
                .executedPlan()
                .toString();
        query.stop();
        assertThat(plan).contains("kindling(").doesNotContain(OPERATOR);
        assertThat(SPARK.table("blocks").count()).isEqualTo(ROWS);
        assertPredicted(SPARK.table("blocks"));
    }

    @Test
    void aSessionIsToldOnceAndOneThatIsNotGoesRowByRow() {
        large.transform(table);
        large.transform(table);
        org.apache.spark.sql.classic.SparkSession told = (org.apache.spark.sql.classic.SparkSession) SPARK;
        assertThat(told.experimental().extraStrategies().size()).isEqualTo(1);
        assertThat(told.experimental().extraOptimizations().size()).isEqualTo(1);
        SparkSession other = SPARK.newSession();
        Dataset<Row> rows = other.read().parquet(folder.resolve("rows.parquet").toString());
        Dataset<Row> found = rows.withColumn("prediction", large.asFunction().apply(col("a"), col("b")))
                .withColumn("probability", large.asProbabilityFunction().apply(col("a"), col("b")));
        assertThat(operators(found)).isZero();
        assertPredicted(found);
    }
}
