import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Which species is a flower of? Trains, predicts, saves and loads. Arguments: the table, and where the model goes. */
public final class Flowers {
    private Flowers() {}

    public static void main(String[] arguments) {
        String table = arguments.length > 0 ? arguments[0] : "examples/iris.csv";
        String directory = arguments.length > 1 ? arguments[1] : "models/flowers";
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> flowers =
                spark.read().option("header", true).option("inferSchema", true).csv(table);

        ClassifierModel model = new Classifier().label("species").fit(flowers);
        Dataset<Row> scored = model.transform(flowers);

        scored.select("species", "prediction", "probability").show(3, false);
        System.out.println(scored.where("prediction = species").count() + " of " + scored.count() + " are right");

        model.save(directory, true);
        ClassifierModel loaded = ClassifierModel.load(spark, directory);

        System.out.println("The same model: " + loaded.digest().equals(model.digest()));
        System.out.println("It takes " + loaded.inputs() + " and predicts one of " + loaded.labels());

        // The order of the rows, files and partitions change nothing.
        ClassifierModel again = new Classifier().label("species").fit(flowers.repartition(7));
        System.out.println("Of the same rows, the same bits: " + again.digest().equals(model.digest()));

        ClassifierModel newer = new Classifier()
                .from(loaded)
                .recipe(recipe -> recipe.iterations(200).learningRate(0.001))
                .fit(flowers.where("species <> 'setosa'"));

        System.out.println("Trained on, it predicts one of " + newer.labels());
    }
}
