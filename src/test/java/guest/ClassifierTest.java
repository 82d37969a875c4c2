package guest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.SparkTest;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classification of DataFrames as a caller sees it, from a package that is not Kindling's. */
class ClassifierTest {
    private static final SparkSession SPARK = SparkTest.session();

    /** Few steps, where it does not matter how good the model is. */
    private static Classifier quick() {
        return new Classifier().label("species").hiddenLayers(8).recipe(recipe -> recipe.iterations(20));
    }

    private static ClassifierModel quick(Dataset<Row> rows) {
        return quick().fit(rows);
    }

    private static long right(ClassifierModel model, Dataset<Row> rows) {
        return model.transform(rows).where("prediction = species").count();
    }

    private static String failure(Dataset<Row> rows) {
        return failure(quick(), rows);
    }

    private static String failure(Classifier classifier, Dataset<Row> rows) {
        return Fits.failure(() -> classifier.fit(rows));
    }

    @Test
    void aFewLinesLearnWhatARowIs() {
        ClassifierModel model = new Classifier()
                .features("sepal_length", "sepal_width", "petal_length", "petal_width")
                .label("species")
                .hiddenLayers(16)
                .fit(Fits.flowers());
        assertThat(right(model, Fits.flowers())).isGreaterThan(144);
        String species = model.predict(new float[] {5.1f, 3.5f, 1.4f, 0.2f});
        assertThat(species).isEqualTo("setosa");
        assertThat(model.labels()).containsExactly("setosa", "versicolor", "virginica");
        assertThat(model.inputs()).containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
        assertThat(model.history()).isNotEmpty();
        assertThat(model.provenance().rows()).isEqualTo(150);
    }

    @Test
    void classesThatRowsLackCanBeNamed() {
        Classifier classifier = quick().labels(List.of("virginica", "setosa", "versicolor"));
        ClassifierModel model = classifier.fit(Fits.flowers().where("species <> 'virginica'"));
        assertThat(model.labels()).containsExactly("virginica", "setosa", "versicolor");
        assertThat(model.probabilities(5.1, 3.5, 1.4, 0.2)).hasSize(3);
        assertThat(classifier.fit(Fits.flowers()).labels()).isEqualTo(model.labels());
        assertThat(failure(quick().labels(List.of("setosa", "versicolor")), Fits.flowers()))
                .isEqualTo(
                        "the DataFrame: found label virginica in column species, expected one of those that are named");
    }

    @ParameterizedTest
    @CsvSource({"int, 2", "double, 2.0", "'decimal(10,2)', 2.00", "string, 2"})
    void namedClassesAreOfTheColumnsType(String type, String last) {
        Dataset<Row> rows = Fits.flowers().withColumn("species", expr("cast(int(petal_length > 3) as " + type + ")"));
        ClassifierModel model = quick().labels(List.of(0, 1, 2)).fit(rows);
        assertThat(model.labels()).hasSize(3);
        assertThat(model.labels().get(2)).hasToString(last);
        assertThat(model.transform(rows).where("prediction = species").count()).isGreaterThan(100);
    }

    @Test
    void trainingBeginsWithTheParametersThatAreGiven() {
        ClassifierModel model = quick(Fits.flowers());
        ClassifierModel next =
                quick().initialParameters(model.network().parameters()).fit(Fits.flowers());
        assertThat(next.history().get(0).loss()).isCloseTo(model.provenance().loss(), within(1e-6));
        assertThat(next.provenance().recipe()).containsKey("from");
        assertThat(failure(quick().initialParameters(1, 2), Fits.flowers()))
                .isEqualTo("initialParameters: found 2, expected 67 for layers 4,8,3");
    }

    @Test
    void theSameRowsGiveTheSameBitsInAnyOrderAndPartitions(@TempDir Path directory) {
        String digest = quick(Fits.flowers()).digest();
        assertThat(quick(Fits.flowers().repartition(7)).digest()).isEqualTo(digest);
        assertThat(quick(Fits.flowers().orderBy(rand(3)).coalesce(1)).digest()).isEqualTo(digest);
        String copy = directory.resolve("copy").toString();
        Fits.flowers().repartition(3, col("species")).write().parquet(copy);
        assertThat(quick(SPARK.read().parquet(copy)).digest()).isEqualTo(digest);
        assertThat(quick(Fits.flowers().limit(149)).digest()).isNotEqualTo(digest);
        assertThat(quick().seed(2).fit(Fits.flowers()).digest()).isNotEqualTo(digest);
    }

    /** 10,000 rows are in more than one range of hashes, and 2,500 are there four times. */
    @Test
    void thatHoldsOfManyRowsAndOfEqualOnesToo() {
        Dataset<Row> rows = SPARK.range(10_000)
                .selectExpr("id % 2500 % 7 as a", "cast(id % 2500 as double) as b", "id % 2500 % 2 = 0 as species");
        String digest = quick(rows).digest();
        assertThat(quick(rows.repartition(5)).digest()).isEqualTo(digest);
        Classifier heldOut = quick().heldOut(0.2);
        ClassifierModel held = heldOut.fit(rows);
        assertThat(held.provenance().validationRows()).isBetween(1_980L, 2_020L);
        assertThat(heldOut.fit(rows.repartition(5)).digest()).isEqualTo(held.digest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cast(k as int)",
                "cast(2 * k - 1 as smallint)",
                "cast(k + 1 as tinyint)",
                "k + 100000000000",
                "k > 0",
                "k / 2",
                "cast(k / 2 as float)",
                "cast(k / 4 as decimal(20, 3))",
                "concat('n', k)"
            })
    void labelsComeBackAsTheyWere(String label) {
        Dataset<Row> rows = SPARK.range(60)
                .selectExpr("id % 3 as k", "cast(id % 3 * 10 + id % 2 as double) as x")
                .withColumn("species", expr(label))
                .select("x", "species");
        ClassifierModel model = new Classifier()
                .label("species")
                .hiddenLayers(16)
                .recipe(recipe -> recipe.iterations(300).learningRate(0.03))
                .fit(rows);
        Dataset<Row> scored = model.transform(rows);
        assertThat(scored.schema().apply("prediction").dataType())
                .isEqualTo(rows.schema().apply("species").dataType());
        assertThat(scored.where("prediction = species").count()).isEqualTo(60);
        Row row = scored.first();
        Object predicted = model.predict(row.getDouble(0));
        assertThat(predicted).isEqualTo(row.getAs("species"));
        assertThat(model.labels()).isSorted();
    }

    @Test
    void labelsAreInTheOrderOfTheirSize() {
        Dataset<Row> rows =
                SPARK.range(60).selectExpr("id % 3 as x", "cast(id % 3 * 9 + 2 as decimal(8, 1)) as species");
        assertThat(quick(rows).labels())
                .containsExactly(new BigDecimal("2.0"), new BigDecimal("11.0"), new BigDecimal("20.0"));
    }

    /** Every type of features gives the same model as doubles do. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "array(a, b, c)",
                "cast(array(a, b, c) as array<double>)",
                "cast(array(a, b, c) as array<float>)",
                "cast(array(a, b, c) as array<smallint>)",
                "cast(array(a, b, c) as array<decimal(9, 2)>)"
            })
    void oneColumnOfArraysIsReadAsItIs(String features) {
        Dataset<Row> rows =
                SPARK.range(100).selectExpr("id % 5 as a", "id % 3 as b", "id % 2 as c", "id % 2 as species");
        ClassifierModel model = quick(rows.selectExpr(features + " as f", "species"));
        assertThat(model.digest()).isEqualTo(quick(rows).digest());
        Dataset<Row> scored = model.transform(rows.selectExpr(features + " as f"));
        assertThat(scored.select("prediction").distinct().count()).isEqualTo(2);
    }

    @Test
    void columnsMayBeOfAnyNumbersAndBooleans() {
        Dataset<Row> rows =
                SPARK.range(100).selectExpr("id % 5 as a", "id % 3 as b", "id % 2 as c", "id % 2 as species");
        Dataset<Row> others = rows.selectExpr(
                "cast(a as tinyint) as a",
                "cast(b as decimal(12, 4)) as b",
                "c = 1 as c",
                "cast(species as int) as species");
        ClassifierModel model = quick(others);
        assertThat(model.digest()).isEqualTo(quick(rows).digest());
        assertThat(model.transform(rows).select("prediction").distinct().count())
                .isEqualTo(2);
    }

    @Test
    void bytesArePixels() {
        Dataset<Row> rows = SPARK.range(100)
                .selectExpr("unhex(concat('0', id % 5, 'ff', '0', id % 2)) as pixels", "id % 2 as species");
        ClassifierModel model = quick(rows);
        assertThat(model.network()
                        .signature()
                        .orElseThrow()
                        .inputs()
                        .standardisation()
                        .deviation())
                .containsExactly(255, 255, 255);
        assertThat(model.transform(rows).select("prediction").distinct().count())
                .isEqualTo(2);
    }

    @Test
    void aRowAloneIsPredictedAsInATable(@TempDir Path directory) {
        ClassifierModel model = quick(Fits.flowers());
        String path = directory.resolve("flowers").toString();
        model.save(path);
        ClassifierModel loaded = ClassifierModel.load(SPARK, path);
        assertThat(loaded.digest()).isEqualTo(model.digest());
        assertThat(loaded.history()).isEqualTo(model.history());
        for (Row row : loaded.transform(Fits.flowers()).collectAsList()) {
            double[] features = {row.getDouble(0), row.getDouble(1), row.getDouble(2), row.getDouble(3)};
            Object predicted = model.predict(features);
            assertThat(predicted).isEqualTo(row.getAs("prediction"));
            List<Float> probability = row.getList(row.fieldIndex("probability"));
            float[] alone = model.probabilities(features);
            assertThat(probability).containsExactly(alone[0], alone[1], alone[2]);
        }
        assertThatThrownBy(() -> model.save(path)).isInstanceOf(KindlingException.class);
        model.save(path, true);
    }

    /** Columns that a float, or a sum in floats, loses. */
    @ParameterizedTest
    @CsvSource({
        "year, 2010 + x * 5",
        "timestamp, 1700000000 + x * 1000",
        "price, 10000000 + x * 3",
        "tiny, x * 1e-12",
        "far, -9e15 + x * 1000"
    })
    void aColumnThatIsHardForFloatsTrainsAsWell(String name, String expression) {
        Dataset<Row> standard = SPARK.range(400)
                .selectExpr(
                        "(id % 20 - 9.5D) / 5.766281297335398D as x", "7 as constant", "(id % 20) div 5 as species");
        Dataset<Row> hard = standard.withColumn("x", expr(expression));
        Classifier classifier = new Classifier()
                .label("species")
                .hiddenLayers(16)
                .recipe(recipe -> recipe.iterations(400).learningRate(0.03));
        ClassifierModel easy = classifier.fit(standard);
        ClassifierModel model = classifier.fit(hard);
        assertThat(model.provenance().loss())
                .as(name)
                .isLessThan(1.05 * easy.provenance().loss() + 0.01);
        assertThat(right(model, hard)).isGreaterThan(380).isGreaterThanOrEqualTo(right(easy, standard) - 4);
    }

    @Test
    void whatIsRareCountsAndStaysSparse() {
        Dataset<Row> rows = SPARK.range(20_000)
                .selectExpr("if(id = 17, 1, 0) as rare", "id % 10 as x", "if(id = 17, 2, id % 2) as species");
        ClassifierModel model = quick(rows);
        double[] shift = model.network()
                .signature()
                .orElseThrow()
                .inputs()
                .standardisation()
                .shift();
        double[] deviation = model.network()
                .signature()
                .orElseThrow()
                .inputs()
                .standardisation()
                .deviation();
        assertThat(shift[0]).isZero();
        assertThat(shift[1]).isEqualTo(4.5);
        assertThat(deviation[0]).isCloseTo(Math.sqrt(19_999) / 20_000, within(1e-12));
    }

    @Test
    void weightsAreAsGoodAsCopies() {
        Dataset<Row> weighted = Fits.flowers().withColumn("w", expr("if(species = 'setosa', 3, 1)"));
        Dataset<Row> copied = Fits.flowers()
                .union(Fits.flowers().where("species = 'setosa'"))
                .union(Fits.flowers().where("species = 'setosa'"));
        ClassifierModel byWeight = quick().weight("w").fit(weighted);
        ClassifierModel byCopies = quick(copied);
        assertThat(byWeight.provenance().loss()).isCloseTo(byCopies.provenance().loss(), within(1e-5));
        assertThat(byWeight.probabilities(6, 3, 4, 1))
                .containsExactly(byCopies.probabilities(6, 3, 4, 1), within(1e-4f));
        Dataset<Row> scaled = weighted.withColumn("w", expr("w * 1e6"));
        assertThat(quick().weight("w").fit(scaled).provenance().loss())
                .isCloseTo(byWeight.provenance().loss(), within(1e-6));
    }

    /** They may hold a number that stands for nothing. */
    @Test
    void rowsOfNoWeightScaleNothing() {
        Dataset<Row> rows = SPARK.range(200)
                .selectExpr("if(id % 10 = 0, -1e12, id % 7) as x", "id % 2 as species", "if(id % 10 = 0, 0, 1) as w");
        double[] deviation = quick().weight("w")
                .fit(rows)
                .network()
                .signature()
                .orElseThrow()
                .inputs()
                .standardisation()
                .deviation();
        assertThat(deviation[0]).isCloseTo(2, within(0.1));
    }

    /** 5 of 100 rows are of the second class, and nothing tells them apart. */
    @Test
    void classesThatAreRareCanBeMadeToCount() {
        Dataset<Row> rows = SPARK.range(12_000).selectExpr("id % 3 as x", "if(id % 20 = 0, 'yes', 'no') as species");
        Classifier classifier = new Classifier()
                .label("species")
                .hiddenLayers(4)
                .recipe(recipe -> recipe.iterations(300).learningRate(0.03));
        assertThat(classifier.fit(rows).probabilities(1)[1]).isBetween(0.03f, 0.07f);
        assertThat(classifier.balanced().fit(rows).probabilities(1)[1]).isBetween(0.45f, 0.55f);
        assertThat(classifier.classWeights(Map.of("yes", 19.0)).fit(rows).probabilities(1)[1])
                .isBetween(0.45f, 0.55f);
        assertThat(failure(classifier.classWeights(Map.of("maybe", 2.0)), rows))
                .isEqualTo("classWeights: found label 'maybe', expected one of column species: no, yes");
    }

    @Test
    void rowsAreHeldOutByAColumnOrAShare() {
        Dataset<Row> marked = Fits.flowers().withColumn("later", expr("sepal_width > 3.4"));
        long later = marked.where("later").count();
        ClassifierModel model = quick().heldOut("later").fit(marked);
        assertThat(model.provenance().validationRows()).isEqualTo(later);
        assertThat(model.provenance().validationLoss()).isFinite().isPositive();
        assertThat(model.history().get(19).validationLoss()).isFinite().isPositive();
        assertThat(model.inputs()).doesNotContain("later");
        ClassifierModel patient = quick().heldOut("later")
                .recipe(recipe -> recipe.iterations(400)
                        .learningRate(0.1)
                        .validateEvery(1)
                        .patience(1))
                .fit(marked);
        assertThat(patient.history().size()).isLessThan(400);
        ClassifierModel share = quick().heldOut(0.2).fit(Fits.flowers());
        assertThat(share.provenance().validationRows()).isBetween(28L, 32L);
        assertThat(share.provenance().validationLoss()).isPositive();
        assertThat(failure(quick().heldOut("later"), marked.withColumn("later", lit(true))))
                .contains("found only rows that column later holds out");
        assertThat(failure(quick().heldOut("later").heldOut(0.2), marked))
                .contains("expected one way of holding rows out");
    }

    @Test
    void whatIsMissingIsAnErrorOrLeftOutOrPredictedAsNull() {
        Dataset<Row> holes = Fits.flowers().withColumn("petal_width", expr("if(petal_width = 0.3, null, petal_width)"));
        long missing = holes.where("petal_width is null").count();
        assertThat(failure(holes))
                .startsWith(
                        "the DataFrame: found null or NaN in column petal_width, expected a finite number, in the row"
                                + " species setosa, sepal_length ")
                .contains("(" + missing + " rows are wrong)")
                .contains("missing skip");
        ClassifierModel model = quick().missing(Missing.SKIP).fit(holes);
        assertThat(model.provenance().rows()).isEqualTo(150 - missing);
        assertThat(model.digest()).isEqualTo(quick(holes.na().drop()).digest());
        assertThat(model.transform(holes, Missing.SKIP).count()).isEqualTo(150 - missing);
        assertThat(model.transform(holes, Missing.KEEP)
                        .where("prediction is null")
                        .count())
                .isEqualTo(missing);
        assertThatThrownBy(() -> model.transform(holes).collect())
                .hasStackTraceContaining("the rows: found null or NaN in column petal_width");
        assertThat(failure(quick().missing(Missing.KEEP), holes)).startsWith("missing: found keep");
        Dataset<Row> infinite = Fits.flowers().withColumn("petal_width", lit(Double.POSITIVE_INFINITY));
        assertThat(failure(infinite)).contains("found Infinity in column petal_width");
    }

    @Test
    void aSourceThatGivesOtherRowsEachTimeIsNoticed() {
        Column random = udf((org.apache.spark.sql.api.java.UDF0<Double>) Math::random, DataTypes.DoubleType)
                .asNondeterministic()
                .apply();
        assertThat(failure(Fits.flowers().withColumn("petal_width", random)))
                .isEqualTo(
                        "the DataFrame: found other rows when it was read again, expected the same each time: a random"
                                + " sample, or a source that changes, must be saved or cached before");
    }

    /** Of the recipes of files a decay of 5 is too much: their learning rate is higher. */
    @Test
    void aSettingIsCheckedAgainstThoseThatSuitTheData() {
        ClassifierModel model = new Classifier()
                .label("species")
                .recipe(recipe -> recipe.iterations(2).weightDecay(5))
                .fit(Fits.flowers());
        assertThat(model.provenance().recipe()).containsEntry("weight-decay", "5.0");
        assertThat(failure(
                        new Classifier().recipe(recipe -> recipe.iterations(2).weightDecay(200)), Fits.flowers()))
                .contains("weight", "found 200.0", "below 1 when multiplied");
    }

    @Test
    void wrongInputIsSaidInOneLine() {
        Dataset<Row> rows = Fits.flowers();
        assertThat(failure(rows.drop("species")))
                .isEqualTo(
                        "the DataFrame: found columns sepal_length, sepal_width, petal_length, petal_width, expected one"
                                + " called species");
        assertThat(failure(rows.where("species = 'setosa'")))
                .isEqualTo("the DataFrame: found only the label setosa in column species, expected at least two");
        assertThat(failure(rows.withColumn("place", lit("Berlin"))))
                .isEqualTo(
                        "the DataFrame: found column place of type STRING among the features, expected numbers or booleans:"
                                + " encode it, or name the columns that are features");
        assertThat(failure(rows.withColumn("Probability", lit(1))))
                .isEqualTo("the DataFrame: found a feature called Probability, expected another name: the model adds a"
                        + " column of that name");
        assertThat(failure(rows.limit(1))).contains("found only the label");
        assertThat(failure(rows.limit(0))).isEqualTo("the DataFrame: found no rows, expected some to train on");
        assertThat(failure(rows.withColumn("empty", expr("cast(null as double)"))))
                .contains("in column empty");
        assertThat(failure(quick().missing(Missing.SKIP), rows.withColumn("empty", expr("cast(null as double)"))))
                .isEqualTo(
                        "the DataFrame: found no rows, all 150 rows have something missing, expected some to train on");
        assertThat(failure(SPARK.range(65_600).selectExpr("id as x", "least(id, 65536) as species")))
                .contains("found more than 65536 different labels in 65600 rows in column species");
        assertThat(failure(SPARK.range(500).selectExpr("id as x", "id as species")))
                .contains("found 500 different labels in 500 rows");
        assertThat(failure(rows.withColumn("species", expr("repeat(species, 200)"))))
                .contains("found a label of 1200 characters in column species, 'setosa", "expected at most 1000");
        assertThat(failure(rows.select(col("*"), col("sepal_width"))))
                .isEqualTo(
                        "the DataFrame: found two columns called sepal_width, expected one: rename or drop the other");
        assertThat(failure(quick().features("sepal_width", "species"), rows)).contains("expected one use of it");
        assertThat(failure(quick().weight("w"), rows.withColumn("w", lit(-1))))
                .contains("found weight -1.0 in column w, expected a finite number, 0 or more");
        assertThat(failure(quick().weight("w"), rows.withColumn("w", lit(0)))).contains("found weight 0 in every row");
        assertThat(failure(rows.selectExpr("if(sepal_width > 3, array(1, 2), array(1)) as f", "species")))
                .contains("features, expected");
        assertThat(failure(rows.selectExpr("named_struct('a', 1) as f", "species")))
                .contains("found column f of type STRUCT");
    }

    @Test
    void anotherDataFrameThanItWasTrainedOnIsRefused() {
        ClassifierModel model = quick(Fits.flowers());
        assertThatThrownBy(() -> model.transform(Fits.flowers().drop("sepal_width")))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("expected one called sepal_width");
        assertThatThrownBy(() -> model.transform(Fits.flowers().withColumn("prediction", lit(1))))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found a column called prediction already");
        assertThatThrownBy(() -> model.predict(1, 2, 3))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found 3 features, expected 4");
        assertThatThrownBy(() -> model.predict(1, 2, 3, Double.NaN))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found NaN for petal_width");
    }
}
