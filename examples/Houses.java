import static org.apache.spark.sql.functions.expr;

import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What does a house cost? Predicts one number, and then two at once. The houses are made up. */
public final class Houses {
    private Houses() {}

    /** 4,000 houses. Each square metre costs 3,000, new houses more, and nobody knows why some cost less. */
    private static Dataset<Row> houses(SparkSession spark) {
        return spark.range(4_000)
                .selectExpr(
                        "40 + pmod(hash(id), 160) as area",
                        "1950 + pmod(hash(id, 1), 75) as built",
                        "pmod(hash(id, 2), 3) = 0 as garden",
                        "pmod(hash(id, 3), 20000) as luck")
                .withColumn("price", expr("3000 * area * if(built > 2000, 1.3, 1) + if(garden, 50000, 0) + luck"))
                .withColumn("rent", expr("12 * area + if(garden, 200, 0)"))
                .drop("luck");
    }

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> houses = houses(spark);

        RegressorModel model = new Regressor()
                .features("area", "built", "garden")
                .target("price")
                .fit(houses.where("hash(area, built) % 5 != 0"));
        Dataset<Row> others = model.transform(houses.where("hash(area, built) % 5 = 0"));
        others.selectExpr(
                        "sqrt(avg(pow(prediction - price, 2))) as rmse",
                        "avg(abs(prediction - price)) as mae",
                        "1 - avg(pow(prediction - price, 2)) / var_pop(price) as r2")
                .show();

        System.out.printf("100 square metres of 1990 cost %,.0f%n", model.predict(100, 1990, 0)[0]);

        RegressorModel both = new Regressor().target("price", "rent").fit(houses);
        Dataset<Row> priced = both.transform(houses)
                .withColumn("expected_price", expr("prediction[0]"))
                .withColumn("expected_rent", expr("prediction[1]"));

        priced.select("area", "built", "garden", "price", "expected_price", "rent", "expected_rent")
                .show(5);
    }
}
