import static org.apache.spark.sql.functions.col;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A model in SQL, and as a function of columns. Argument: where the model goes. */
public final class Sql {
    private Sql() {}

    public static void main(String[] arguments) {
        String directory = arguments.length > 0 ? arguments[0] : "models/flowers";
        SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.sql.extensions", "dev.kindling.sql.KindlingExtensions")
                .getOrCreate();
        Dataset<Row> flowers =
                spark.read().option("header", true).option("inferSchema", true).csv("examples/iris.csv");
        ClassifierModel model = new Classifier().label("species").fit(flowers);
        model.save(directory, true);
        flowers.createOrReplaceTempView("flowers");

        spark.sql("select kindling_predict('" + directory
                        + "', struct(*)) as found, count(*) from flowers group by found")
                .show();

        Dataset<Row> named = flowers.withColumn(
                "found",
                model.asFunction()
                        .apply(col("sepal_length"), col("sepal_width"), col("petal_length"), col("petal_width")));
        System.out.println(named.where("found = species").count() + " of " + named.count() + " are right");
    }
}
