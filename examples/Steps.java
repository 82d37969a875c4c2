import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.storage.HistoryRow;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Watches a fit: step by step, in the Training tab, and afterwards in its history. It stops when it gets no better. */
public final class Steps {
    private Steps() {}

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.plugins", "dev.kindling.ui.TrainingPlugin")
                .getOrCreate();
        Dataset<Row> rows = spark.range(2_000)
                .selectExpr("hash(id) % 100 as x", "hash(id, 1) % 100 as y")
                .selectExpr("*", "x * y > 0 as label");

        ClassifierModel model = new Classifier()
                .heldOut(0.2)
                .recipe(recipe -> recipe.iterations(1_000).validateEvery(20).patience(5))
                .listener(step -> {
                    if (step.number() % 100 == 0) {
                        System.out.println("step " + step.number() + " of " + step.of() + ", loss " + step.loss());
                    }
                })
                .fit(rows);

        System.out.println("The model of step " + model.provenance().steps() + ": accuracy "
                + model.provenance().validationAccuracy() + " on "
                + model.provenance().validationRows() + " rows held out");

        for (HistoryRow step : model.history()) {
            if (step.isValidated()) {
                System.out.println(
                        "after step " + step.step() + " loss " + step.validationLoss() + " on rows held out");
            }
        }

        new Classifier().hiddenLayers(32).run("squares").fit(rows);
    }
}
