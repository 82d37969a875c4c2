import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Predicts single rows, as a web service does: a Spark session trains or loads the model, and predictions need none. */
public final class OneRow {
    private OneRow() {}

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        ClassifierModel model = new Classifier()
                .features("sepal_length", "sepal_width", "petal_length", "petal_width")
                .label("species")
                .hiddenLayers(16)
                .fit(spark.read()
                        .option("header", true)
                        .option("inferSchema", true)
                        .csv("examples/iris.csv"));

        String species = model.predict(5.1, 3.5, 1.4, 0.2);
        float[] probabilities = model.probabilities(5.1, 3.5, 1.4, 0.2);
        List<Object> labels = model.labels();

        System.out.println("It is " + species);
        System.out.println(labels + " have the probabilities " + Arrays.toString(probabilities));
    }
}
