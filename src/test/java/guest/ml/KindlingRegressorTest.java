package guest.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.ml.KindlingRegressionModel;
import dev.kindling.ml.KindlingRegressor;
import java.nio.file.Path;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The regressor as a stage of Spark ML. */
class KindlingRegressorTest {
    private static KindlingRegressor quick() {
        return new KindlingRegressor().setHiddenLayers(8).setMaxIter(10);
    }

    @Test
    void aCurveIsLearnt() {
        Dataset<Row> rows = Tables.curve(400);
        KindlingRegressionModel model =
                new KindlingRegressor().setHiddenLayers(16).setMaxIter(200).fit(rows);
        double rmse = new RegressionEvaluator().setMetricName("rmse").evaluate(model.transform(rows));
        assertThat(rmse).isLessThan(0.2);
        assertThat(model.summary().rootMeanSquaredError()).isCloseTo(rmse, within(1e-9));
        assertThat(model.summary().r2()).isGreaterThan(0.98);
        assertThat(model.summary().meanAbsoluteError()).isLessThan(rmse);
        assertThat(model.summary().meanSquaredError()).isCloseTo(rmse * rmse, within(1e-9));
        assertThat(model.summary().numInstances()).isEqualTo(400);
        assertThat(model.summary().totalIterations()).isBetween(10, 200);
        assertThat(model.summary().objectiveHistory()[0]).isGreaterThan(0.1);
        assertThat(model.evaluate(rows).r2()).isEqualTo(model.summary().r2());
        assertThat(model.numFeatures()).isEqualTo(2);
    }

    @Test
    void aRowAloneIsPredictedAsInATable() {
        KindlingRegressionModel model = quick().fit(Tables.curve(50));
        for (Row row : model.transform(Tables.curve(50)).collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(model.predict(features)).isEqualTo(row.<Double>getAs("prediction"));
        }
        assertThat(model.copy(new ParamMap())
                        .setPredictionCol("")
                        .transform(Tables.curve(50))
                        .columns())
                .containsExactly("features", "label");
    }

    @Test
    void withoutSettingsItIsTheLibrary() {
        Dataset<Row> rows = Tables.curve(300);
        String library = new dev.kindling.Regressor()
                .features("features")
                .target("label")
                .fit(rows)
                .digest();
        KindlingRegressionModel model =
                new KindlingRegressor().fit(rows.orderBy(rand(2)).repartition(3));
        assertThat(model.kindling().digest()).isEqualTo(library);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,0)"})
    void labelsAreOfAnyTypeOfNumber(String type) {
        Dataset<Row> rows = Tables.curve(50).withColumn("label", expr("round(label)"));
        assertThat(quick().fit(rows.withColumn("label", col("label").cast(type)))
                        .weights())
                .isEqualTo(quick().fit(rows).weights());
    }

    @Test
    void whatCannotBeTrainedOnIsNamed() {
        Dataset<Row> rows = Tables.curve(50);
        assertThatThrownBy(() -> quick().fit(rows.withColumn("label", expr("if(label > 10, null, label)"))))
                .hasMessageContaining("Labels MUST NOT be Null or NaN");
        assertThatThrownBy(
                        () -> quick().fit(rows.withColumn("label", col("label").cast("string"))))
                .hasMessageContaining("must be of type numeric");
        assertThatThrownBy(() ->
                        new KindlingRegressor().setLayers(new int[] {2, 3, 2}).fit(rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 2 as the last of layers, expected 1");
    }

    @Test
    void weightsCount() {
        Dataset<Row> rows = Tables.curve(100)
                .withColumn("outlier", expr("rand(1) < 0.2"))
                .withColumn("label", expr("if(outlier, 1000.0, label)"))
                .withColumn("weight", expr("if(outlier, 0.0, 2.0)"))
                .cache();
        KindlingRegressionModel model =
                quick().setMaxIter(100).setWeightCol("weight").fit(rows);
        assertThat(new RegressionEvaluator().evaluate(model.transform(rows.where("not outlier"))))
                .isLessThan(0.5);
        assertThat(model.summary().rootMeanSquaredError()).isLessThan(0.5);
        rows.unpersist();
    }

    @Test
    void itIsSavedAndLoaded(@TempDir Path directory) throws Exception {
        KindlingRegressionModel model = quick().fit(Tables.curve(50));
        String place = directory.resolve("model").toString();
        model.save(place);
        KindlingRegressionModel read = KindlingRegressionModel.load(place);
        assertThat(read.transform(Tables.curve(50)).collectAsList())
                .isEqualTo(model.transform(Tables.curve(50)).collectAsList());
        String estimator = directory.resolve("estimator").toString();
        quick().save(estimator);
        assertThat(KindlingRegressor.load(estimator).getHiddenLayers()).containsExactly(8);
        assertThat(model.copy(new ParamMap()).weights()).isEqualTo(model.weights());
    }
}
