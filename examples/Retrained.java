import dev.kindling.Classifier;
import dev.kindling.NewestModel;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** A stream goes on while its model is replaced. Argument: a folder for the model, and for what comes in and goes out. */
public final class Retrained {
    private Retrained() {}

    public static void main(String[] arguments) throws TimeoutException, StreamingQueryException {
        String folder = arguments.length > 0 ? arguments[0] : "target/retrained";
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> flowers =
                spark.read().option("header", true).option("inferSchema", true).csv("examples/iris.csv");
        Classifier classifier = new Classifier().label("species").hiddenLayers(16);
        classifier.fit(flowers.where("species <> 'virginica'")).save(folder + "/model", true);
        arrive(flowers, folder);

        NewestModel newest = new NewestModel(spark, folder + "/model");
        StreamingQuery query = spark.readStream()
                .schema(flowers.schema())
                .option("header", true)
                .csv(folder + "/in")
                .writeStream()
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (batch, number) ->
                        newest.get().transform(batch).write().parquet(folder + "/out/batch=" + number))
                .option("checkpointLocation", folder + "/checkpoint")
                .start();
        query.processAllAvailable();

        classifier.fit(flowers).save(folder + "/model", true);
        arrive(flowers, folder);
        query.processAllAvailable();
        query.stop();
        spark.read()
                .parquet(folder + "/out")
                .groupBy("batch")
                .pivot("prediction")
                .count()
                .orderBy("batch")
                .show();
    }

    private static void arrive(Dataset<Row> flowers, String folder) {
        flowers.write().mode("append").option("header", true).csv(folder + "/in");
    }
}
