import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A column of names among the features: a boolean column for each name, without Spark ML. */
public final class Categories {
    private Categories() {}

    private static List<String> names(Dataset<Row> rows, String column) {
        return rows.select(column).distinct().orderBy(column).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** The same columns for the rows to train on and for those to predict. */
    private static Dataset<Row> encode(Dataset<Row> rows, String column, List<String> names) {
        for (String name : names) {
            rows = rows.withColumn(column + "_" + name, col(column).equalTo(name));
        }
        return rows.drop(column);
    }

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> orders = spark.range(3_000)
                .selectExpr(
                        "element_at(array('Bern', 'Rome', 'Oslo'), 1 + pmod(hash(id), 3)) as city", "id % 10 as items")
                .withColumn("late", expr("city = 'Rome' and items > 5 or city = 'Oslo' and items < 2"));

        List<String> cities = names(orders, "city");
        ClassifierModel model = new Classifier().label("late").fit(encode(orders, "city", cities));

        System.out.println("It takes " + model.inputs());
        Dataset<Row> scored = model.transform(encode(orders, "city", cities));
        System.out.println(scored.where("prediction = late").count() + " of " + scored.count() + " are right");
    }
}
