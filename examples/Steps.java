import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.storage.HistoryRow;
import dev.kindling.training.Run;
import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import dev.kindling.ui.TrainingEvents;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Watches a fit: step by step, in the Training tab, and afterwards in its history. It stops when it gets no better. */
public final class Steps {
    private Steps() {}

    /** Shows a fit in the Training tab of the Spark UI, if the session has the plugin. */
    static final class Tab implements StepListener, AutoCloseable {
        private final SparkSession spark;
        private final String name;
        private TrainingEvents events;

        Tab(SparkSession spark, String name) {
            this.spark = spark;
            this.name = name;
        }

        @Override
        public void onStep(Step step) {
            if (events == null) {
                Run run = step.runs().get(0);
                events = new TrainingEvents(spark.sparkContext(), Map.of(run, name));
            }
            events.onStep(step);
        }

        @Override
        public void close() {
            if (events != null) {
                events.close();
            }
        }
    }

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

        try (Tab tab = new Tab(spark, "squares")) {
            new Classifier().hiddenLayers(32).listener(tab).fit(rows);
        }
    }
}
