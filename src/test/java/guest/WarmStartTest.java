package guest;

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
import dev.kindling.error.KindlingException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training that begins with a model. */
class WarmStartTest {
    private static final SparkSession SPARK = SparkTest.session();

    private static Classifier quick() {
        return new Classifier().recipe(recipe -> recipe.iterations(20));
    }

    private static ClassifierModel model() {
        return quick().label("species").hiddenLayers(8).fit(Fits.flowers());
    }

    private static String failure(Classifier classifier, Dataset<Row> rows) {
        return Fits.failure(() -> classifier.fit(rows));
    }

    @Test
    void itGoesOnWhereTheModelIs(@TempDir Path directory) {
        ClassifierModel model = model();
        ClassifierModel on = quick().from(model).fit(Fits.flowers());
        // The loss of the first step is that of the model on all rows.
        assertThat(on.history().get(0).loss()).isCloseTo(model.provenance().loss(), within(1e-5));
        assertThat(on.provenance().loss()).isLessThan(model.provenance().loss());
        assertThat(on.provenance().recipe()).containsEntry("from", model.digest());
        assertThat(on.labelColumn()).isEqualTo("species");
        assertThat(on.inputs()).isEqualTo(model.inputs());
        assertThat(model.provenance().recipe()).doesNotContainKey("from");

        assertThat(quick().from(model)
                        .fit(Fits.flowers().orderBy(rand(1)).repartition(3))
                        .digest())
                .isEqualTo(on.digest());
        String saved = directory.resolve("model").toString();
        model.save(saved);
        assertThat(quick().from(ClassifierModel.load(SPARK, saved))
                        .fit(Fits.flowers())
                        .digest())
                .isEqualTo(on.digest());
        assertThat(quick().from(on).fit(Fits.flowers()).digest()).isNotEqualTo(on.digest());
    }

    /** Other flowers, of which one species is missing, and which are larger: labels and scales stay the model's. */
    @Test
    void rowsMayBeOthers() {
        ClassifierModel model = model();
        Dataset<Row> others = Fits.flowers()
                .where("species <> 'setosa'")
                .withColumn("petal_length", expr("petal_length * 3"))
                .withColumn("name", expr("upper(species)"))
                .selectExpr("species as kind", "petal_width", "petal_length", "sepal_width", "sepal_length");
        ClassifierModel on = quick().from(model).label("kind").fit(others);
        assertThat(on.labels()).containsExactly("setosa", "versicolor", "virginica");
        assertThat(on.labelColumn()).isEqualTo("kind");
        assertThat(on.network().signature().orElseThrow().inputs())
                .usingRecursiveComparison()
                .isEqualTo(model.network().signature().orElseThrow().inputs());
    }

    @Test
    void whatDoesNotFitIsSaidInOneLine() {
        ClassifierModel model = model();
        assertThat(failure(quick().from(model), Fits.flowers().drop("petal_width")))
                .contains("expected one called petal_width");
        assertThat(failure(quick().from(model), Fits.flowers().withColumn("species", lit("rosa"))))
                .isEqualTo(
                        "the DataFrame: found label rosa in column species, expected one that the model was trained on");
        assertThat(failure(quick().from(model).hiddenLayers(9), Fits.flowers()))
                .isEqualTo("hiddenLayers: found [9], expected [8], those of the model to begin with, or none");
        assertThat(failure(quick().from(model).features("petal_width", "petal_length"), Fits.flowers()))
                .isEqualTo(
                        "the DataFrame: found features petal_width, petal_length, expected those of the model to begin"
                                + " with: sepal_length, sepal_width, petal_length, petal_width");
        ClassifierModel images = ClassifierModel.load(SPARK, "src/test/resources/models/format-2");
        assertThatThrownBy(() -> quick().from(images))
                .isInstanceOf(KindlingException.class)
                .hasMessage("found a model of images to begin with, expected one of a DataFrame's columns");
    }

    @Test
    void numbersToo() {
        Dataset<Row> rows =
                SPARK.range(500).selectExpr("id % 37 as a", "id % 11 as b", "1e6 + 300 * (id % 37) as target");
        RegressorModel model = new Regressor()
                .hiddenLayers(8)
                .recipe(recipe -> recipe.iterations(50))
                .fit(rows);
        RegressorModel on = new Regressor()
                .from(model)
                .recipe(recipe -> recipe.iterations(50))
                .fit(rows);
        assertThat(on.history().get(0).loss()).isCloseTo(model.provenance().loss(), within(1e-2));
        assertThat(on.provenance().loss()).isLessThan(model.provenance().loss());
        assertThatThrownBy(() -> new Regressor().from(model).target("c").fit(rows.withColumn("c", lit(1))))
                .isInstanceOf(KindlingException.class)
                .hasMessage(
                        "the DataFrame: found features a, b and targets c, expected those of the model to begin with:"
                                + " a, b and target");
    }
}
