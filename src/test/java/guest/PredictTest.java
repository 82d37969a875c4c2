package guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.SparkTest;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The function that is registered by the name of its class, in a session without anything else. */
class PredictTest {
    private static final SparkSession SPARK = SparkTest.session().newSession();

    @TempDir
    private Path folder;

    @BeforeAll
    static void register() {
        String name = "dev.kindling.sql.Predict";
        SPARK.udf().registerJava("kind_of", name, DataTypes.StringType);
        SPARK.udf().registerJava("value_of", name, DataTypes.DoubleType);
        SPARK.udf().registerJava("values_of", name, DataTypes.createArrayType(DataTypes.DoubleType));
        rows().createOrReplaceTempView("points");
    }

    private static Dataset<Row> rows() {
        return SPARK.range(0, 200, 1, 3)
                .selectExpr("id % 7 as a", "id % 11 / 3D as b", "if(id % 7 > id % 11, 'under', 'over') as kind");
    }

    private static Classifier classifier() {
        return new Classifier().label("kind").hiddenLayers(4).recipe(recipe -> recipe.iterations(20));
    }

    private Dataset<Row> sql(String query) {
        return SPARK.sql(query.replace("$", folder + "/"));
    }

    @Test
    void itPredictsStructsAsTransformDoes() {
        ClassifierModel model = classifier().fit(rows());
        model.save(folder.resolve("kinds").toString());
        assertThat(sql("select kind_of('$kinds', struct(*)) from points").collectAsList())
                .isEqualTo(model.transform(rows()).select("prediction").collectAsList());
        assertThat(sql("select kind_of('$kinds', array(1, null)), kind_of('$kinds', null)")
                        .first())
                .isEqualTo(RowFactory.create(null, null));
        assertThatThrownBy(() -> sql("select kind_of('$kinds', array(1, 2, 3))").first())
                .hasStackTraceContaining("found 3 features, expected 2: a, b");
        assertThatThrownBy(() -> sql("select kind_of('$kinds', 'text')").first())
                .hasStackTraceContaining("expected a struct, an array of numbers, or bytes");
        assertThatThrownBy(() ->
                        sql("select kind_of('$nothing', struct(*)) from points").first())
                .hasStackTraceContaining("found no model");
    }

    @Test
    void itPredictsNumbersAndTakesArraysInTheOrderOfTheInputs() {
        Regressor regressor = new Regressor().hiddenLayers(4).recipe(recipe -> recipe.iterations(20));
        RegressorModel one = regressor.features("a").target("b").fit(rows());
        one.save(folder.resolve("one").toString());
        assertThat(sql("select value_of('$one', array(a)) from points").collectAsList())
                .isEqualTo(one.transform(rows()).select("prediction").collectAsList());
        RegressorModel two = regressor.features("a").target("b", "c").fit(rows().selectExpr("a", "b", "a * b as c"));
        two.save(folder.resolve("two").toString());
        assertThat(sql("select values_of('$two', struct(a)) from points").collectAsList())
                .isEqualTo(two.transform(rows()).select("prediction").collectAsList());
    }

    @Test
    void anImageMayBeBytes() {
        String images = "src/test/resources/models/format-2";
        ClassifierModel model = ClassifierModel.load(SPARK, images);
        int pixels = model.network().architecture().inputs();
        SPARK.udf().registerJava("digit_of", "dev.kindling.sql.Predict", DataTypes.IntegerType);
        Dataset<Row> rows = SPARK.range(5)
                .selectExpr("cast(repeat(concat('p', id), " + pixels + ") as string) as text")
                .selectExpr(
                        "cast(substr(text, 1, " + pixels + ") as binary) as bytes",
                        "transform(sequence(1, " + pixels + "), i -> ascii(substr(text, i, 1)) / 255D) as features");
        assertThat(rows.selectExpr("digit_of('" + images + "', bytes)", "digit_of('" + images + "', features)")
                        .collectAsList())
                .isEqualTo(model.transform(rows)
                        .selectExpr("prediction", "prediction as again")
                        .collectAsList());
    }

    @Test
    void aModelIsReadOnceAndAgainWhenAnotherHasBeenSaved() {
        String query = "select kind_of('$kinds', struct(*)) from points";
        ClassifierModel first = classifier().fit(rows());
        first.save(folder.resolve("kinds").toString());
        assertThat(sql(query).collectAsList())
                .isEqualTo(first.transform(rows()).select("prediction").collectAsList());
        ClassifierModel second =
                classifier().fit(rows().selectExpr("a", "b", "if(kind = 'under', 'over', 'under') as kind"));
        second.save(folder.resolve("kinds").toString(), true);
        assertThat(folder.resolve("kinds/parameters.parquet").toFile().delete()).isTrue();
        assertThatThrownBy(() -> sql(query).collectAsList()).hasStackTraceContaining("damaged model");
        second.save(folder.resolve("kinds").toString(), true);
        assertThat(sql(query).collectAsList())
                .isEqualTo(second.transform(rows()).select("prediction").collectAsList());
    }
}
