package guest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regression of DataFrames as a caller sees it, from a package that is not Kindling's. */
class RegressorTest {
    private static final SparkSession SPARK = SparkTest.session();

    /** A curved function of x and z, with noise of deviation 0.06: 97 x-values, 31 z-values, of a size between 1 and 4. */
    private static Dataset<Row> curve(long rows) {
        return SPARK.range(rows)
                .selectExpr(
                        "id % 97 / 48D - 1 as x",
                        "id % 31 / 15D - 1 as z",
                        "sin(3 * (id % 97 / 48D - 1)) + pow(id % 31 / 15D - 1, 2) + (id * 7919 % 211 - 105) / 1000D"
                                + " as target");
    }

    /** Few steps, where it does not matter how good the model is. */
    private static Regressor quick() {
        return new Regressor().hiddenLayers(8).recipe(recipe -> recipe.iterations(20));
    }

    /** Enough steps to be near to it. */
    private static Regressor good() {
        return new Regressor()
                .hiddenLayers(32)
                .recipe(recipe -> recipe.iterations(400).weightDecay(0));
    }

    /** The share of a column's variance that a prediction explains. */
    private static double r2(Dataset<Row> predicted, String prediction, String target) {
        return predicted
                .selectExpr("1 - avg(pow(" + prediction + " - " + target + ", 2)) / var_pop(" + target + ")")
                .first()
                .getDouble(0);
    }

    private static String failure(Regressor regressor, Dataset<Row> rows) {
        return Fits.failure(() -> regressor.fit(rows));
    }

    @Test
    void aFewLinesLearnAFunction() {
        RegressorModel model = new Regressor().fit(curve(2_000));
        Dataset<Row> predicted = model.transform(curve(3_000));
        assertThat(r2(predicted, "prediction", "target")).isGreaterThan(0.98);
        assertThat(predicted.schema().apply("prediction").dataType()).isEqualTo(DataTypes.DoubleType);
        assertThat(predicted.columns()).containsExactly("x", "z", "target", "prediction");
        assertThat(model.targets()).containsExactly("target");
        assertThat(model.inputs()).containsExactly("x", "z");
        assertThat(model.provenance().accuracy()).isNaN();
        double[] middle = model.predict(0, 0);
        assertThat(middle[0]).isCloseTo(0, within(0.3));
    }

    @Test
    void oneNetworkPredictsSeveralTargetsEachInItsOwnScale() {
        Dataset<Row> rows = curve(2_000)
                .withColumn("price", expr("1e6 * target"))
                .withColumn("time", expr("1e9 + 100 * x"))
                .withColumn("tiny", expr("cast(z * 1e-6 as float)"))
                .drop("target");
        RegressorModel model = good().target("price", "time", "tiny").fit(rows);
        assertThat(model.targets()).containsExactly("price", "time", "tiny");
        assertThat(model.inputs()).containsExactly("x", "z");
        Dataset<Row> predicted = model.transform(rows);
        assertThat(predicted.schema().apply("prediction").dataType().sql()).isEqualTo("ARRAY<DOUBLE>");
        assertThat(r2(predicted, "prediction[0]", "price")).isGreaterThan(0.95);
        assertThat(r2(predicted, "prediction[1]", "time")).isGreaterThan(0.95);
        assertThat(r2(predicted, "prediction[2]", "tiny")).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @CsvSource({"1e6, 0", "1, 1e9", "-1e-9, 0", "3, 1e13"})
    void predictionsAreInTheScaleOfTheTarget(double scale, double offset) {
        Dataset<Row> scaled = curve(2_000)
                .withColumn("target", col("target").multiply(lit(scale)).plus(lit(offset)));
        assertThat(r2(good().fit(scaled).transform(scaled), "prediction", "target"))
                .isGreaterThan(0.9);
    }

    @Test
    void theSameRowsGiveTheSameBitsInAnyOrderAndPartitions() {
        Dataset<Row> rows = curve(5_000);
        String digest = quick().fit(rows).digest();
        assertThat(quick().fit(rows.repartition(7)).digest()).isEqualTo(digest);
        assertThat(quick().fit(rows.orderBy(rand(3)).coalesce(1)).digest()).isEqualTo(digest);
        assertThat(quick().fit(rows.limit(4_999)).digest()).isNotEqualTo(digest);
        assertThat(quick().seed(2).fit(rows).digest()).isNotEqualTo(digest);
    }

    /** No features tell the rows apart, so the prediction is the weighted mean. */
    @Test
    void weightsAreAsGoodAsCopies() {
        Dataset<Row> rows = SPARK.range(1_000).selectExpr("1 as x", "id % 2 as target", "if(id % 2 = 1, 3, 1) as w");
        Dataset<Row> copies =
                rows.union(rows.where("w = 3")).union(rows.where("w = 3")).drop("w");
        Regressor linear = new Regressor().hiddenLayers().recipe(recipe -> recipe.iterations(200));
        assertThat(linear.weight("w").fit(rows).predict(1)[0]).isCloseTo(0.75, within(0.01));
        assertThat(linear.fit(copies).predict(1)[0]).isCloseTo(0.75, within(0.01));
        assertThat(linear.fit(rows.drop("w")).predict(1)[0]).isCloseTo(0.5, within(0.01));
    }

    @Test
    void whatIsMissingIsAnErrorOrLeftOutOrPredictedAsNull() {
        Dataset<Row> rows = curve(500);
        Dataset<Row> holes = rows.withColumn("target", expr("if(x = 0, null, target)"));
        long missing = holes.where("target is null").count();
        assertThat(failure(quick(), holes))
                .startsWith("the DataFrame: found null, NaN or an infinite number in column target, expected a finite"
                        + " number, in the row x 0.0, z ")
                .contains("(" + missing + " rows are wrong)")
                .contains("missing skip");
        assertThat(failure(quick(), rows.withColumn("target", expr("if(x = 0, double('NaN'), target)"))))
                .contains("found null, NaN or an infinite number in column target");
        assertThat(failure(quick(), rows.withColumn("target", expr("if(x = 0, double('-Infinity'), target)"))))
                .contains("found null, NaN or an infinite number in column target");
        RegressorModel model = quick().missing(Missing.SKIP).fit(holes);
        assertThat(model.provenance().rows()).isEqualTo(500 - missing);
        assertThat(model.digest())
                .isEqualTo(quick().fit(holes.where("target is not null")).digest());
        assertThat(model.transform(holes).where("prediction is null").count()).isZero();
        for (Regressor regressor : List.of(quick(), quick().target("target", "z"))) {
            Dataset<Row> given = rows.withColumn("y", col("x"));
            RegressorModel fitted = regressor.fit(given);
            Dataset<Row> unknown = given.withColumn("y", expr("if(x = 0, null, y)"));
            assertThat(fitted.transform(unknown, Missing.KEEP)
                            .where("prediction is null")
                            .count())
                    .isEqualTo(missing);
            assertThat(fitted.transform(unknown, Missing.SKIP).count()).isEqualTo(500 - missing);
            assertThatThrownBy(() -> fitted.transform(unknown).collect())
                    .hasStackTraceContaining("the rows: found null or NaN in column y");
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void aRowAloneIsPredictedAsInATableAndAfterLoading(int count, @TempDir Path directory) {
        Dataset<Row> rows = curve(300).withColumn("b", expr("1e6 * x")).withColumn("c", expr("1e9 + z"));
        Regressor regressor = quick().features("x", "z")
                .target(count == 1 ? new String[] {"target"} : new String[] {"target", "b", "c"});
        RegressorModel model = regressor.fit(rows);
        String path = directory.resolve("curve").toString();
        model.save(path);
        RegressorModel loaded = RegressorModel.load(SPARK, path);
        assertThat(loaded.digest()).isEqualTo(model.digest());
        assertThat(loaded.targets()).isEqualTo(model.targets());
        assertThat(loaded.history()).isEqualTo(model.history());
        assertThat(loaded.network().architecture()).isEqualTo(model.network().architecture());
        for (Row row : loaded.transform(rows).limit(100).collectAsList()) {
            double x = row.getDouble(0);
            double z = row.getDouble(1);
            List<Double> predicted =
                    count == 1 ? List.of(row.<Double>getAs("prediction")) : row.getList(row.fieldIndex("prediction"));
            assertThat(model.predict(x, z)).containsExactly(predicted.toArray(Double[]::new));
            assertThat(loaded.predict(x, z)).isEqualTo(model.predict(x, z));
        }
        assertThat(model.predict(0.5f, 0.25f)).isEqualTo(model.predict(0.5, 0.25));
    }

    @Test
    void aTargetThatIsAlwaysTheSameIsPredicted() {
        RegressorModel model =
                quick().target("constant", "target").fit(curve(300).withColumn("constant", lit(12_345_678.9)));
        assertThat(model.predict(0.3, 0.7)[0]).isEqualTo(12_345_678.9);
        assertThat(quick().fit(curve(300).withColumn("target", lit(0))).predict(0, 0)[0])
                .isZero();
    }

    @Test
    void targetsMayBeOfAnyNumbers() {
        Dataset<Row> rows = SPARK.range(200).selectExpr("id % 20 as x", "id % 20 as target");
        String digest = quick().fit(rows).digest();
        for (String type : List.of("tinyint", "int", "float", "double", "decimal(20, 2)")) {
            Dataset<Row> others = rows.withColumn("target", col("target").cast(type));
            assertThat(quick().fit(others).digest()).as(type).isEqualTo(digest);
        }
    }

    @Test
    void rowsAreHeldOutByAColumnOrAShare() {
        Dataset<Row> marked = curve(1_000).withColumn("later", expr("x > 0.5"));
        RegressorModel model = good().heldOut("later").fit(marked);
        assertThat(model.inputs()).containsExactly("x", "z");
        assertThat(model.provenance().validationRows())
                .isEqualTo(marked.where("later").count());
        assertThat(model.provenance().validationLoss())
                .isFinite()
                .isGreaterThan(model.provenance().loss());
        assertThat(model.provenance().validationAccuracy()).isNaN();
        RegressorModel share = good().heldOut(0.2).fit(curve(1_000));
        assertThat(share.provenance().validationRows()).isBetween(150L, 250L);
        assertThat(share.provenance().validationLoss()).isLessThan(0.1);
    }

    @Test
    void wrongInputIsSaidInOneLine() {
        Dataset<Row> rows = curve(100);
        assertThat(failure(quick().target("price"), rows))
                .isEqualTo("the DataFrame: found columns x, z, target, expected one called price");
        assertThat(failure(quick(), rows.withColumnRenamed("target", "cost")))
                .isEqualTo("the DataFrame: found columns x, z, cost, expected one called target");
        assertThat(failure(quick(), rows.withColumn("target", lit("12"))))
                .isEqualTo("the DataFrame: found column target of type STRING, expected numbers");
        assertThat(failure(quick(), rows.withColumn("target", expr("array(target)"))))
                .isEqualTo("the DataFrame: found column target of type ARRAY<DOUBLE>, expected numbers");
        assertThat(failure(quick(), rows.limit(0)))
                .isEqualTo("the DataFrame: found no rows, expected some to train on");
        assertThat(failure(quick().features("x", "target"), rows)).contains("expected one use of it");
        assertThat(failure(quick(), rows.select("target")))
                .isEqualTo("the DataFrame: found columns target, expected some for features beside the others");
    }

    @Test
    void aModelOfTheOtherKindIsRefused(@TempDir Path directory) {
        String regressor = directory.resolve("regressor").toString();
        quick().fit(curve(100)).save(regressor);
        assertThatThrownBy(() -> ClassifierModel.load(SPARK, regressor))
                .isInstanceOf(KindlingException.class)
                .hasMessage(regressor + ": found a model without labels, expected a classifier of a DataFrame");
        String classifier = directory.resolve("classifier").toString();
        new Classifier()
                .label("target")
                .hiddenLayers(4)
                .recipe(recipe -> recipe.iterations(2))
                .fit(curve(100).withColumn("target", expr("target > 0")))
                .save(classifier);
        assertThatThrownBy(() -> RegressorModel.load(SPARK, classifier))
                .isInstanceOf(KindlingException.class)
                .hasMessage(classifier + ": found a model without targets, expected a regressor of a DataFrame");
        assertThatThrownBy(() -> RegressorModel.load(SPARK, "src/test/resources/models/format-2"))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("format-2: found a model without targets");
    }
}
