import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** Predicts the rows of a stream, which here is a folder of tables. Argument: the folder. */
public final class Stream {
    private Stream() {}

    public static void main(String[] arguments) throws TimeoutException, StreamingQueryException {
        String folder = arguments.length > 0 ? arguments[0] : "examples/*.csv";
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> flowers =
                spark.read().option("header", true).option("inferSchema", true).csv("examples/iris.csv");
        ClassifierModel model =
                new Classifier().label("species").hiddenLayers(16).fit(flowers);

        Dataset<Row> stream = spark.readStream()
                .schema(flowers.schema())
                .option("header", true)
                .csv(folder);
        StreamingQuery query = model.transform(stream)
                .writeStream()
                .format("memory")
                .queryName("scored")
                .start();

        query.processAllAvailable();
        query.stop();
        spark.sql("select prediction, count(*) as flowers from scored group by prediction order by prediction")
                .show();
    }
}
