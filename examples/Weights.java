import static org.apache.spark.sql.functions.expr;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.data.tables.Missing;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Who leaves? Few do, some rows count for more than one customer, the last year is held out, and an age may be missing. */
public final class Weights {
    private Weights() {}

    /** 6,000 customers, of whom 1 in 20 or so has left. They are made up. */
    private static Dataset<Row> customers(SparkSession spark) {
        return spark.range(6_000)
                .selectExpr(
                        "if(id % 500 = 0, null, 18 + pmod(hash(id), 60)) as age",
                        "pmod(hash(id, 1), 30) as calls",
                        "2015 + pmod(hash(id, 2), 11) as year",
                        "1 + pmod(hash(id, 3), 3) as customers")
                .withColumn("last_year", expr("year = 2025"))
                .withColumn("churned", expr("calls + pmod(hash(age, calls), 10) > 33"));
    }

    private static long found(ClassifierModel model, Dataset<Row> customers) {
        return model.transform(customers, Missing.SKIP)
                .where("prediction and churned")
                .count();
    }

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate();
        Dataset<Row> customers = customers(spark);

        Classifier classifier = new Classifier()
                .features("age", "calls", "year")
                .label("churned")
                .weight("customers")
                .heldOut("last_year")
                .missing(Missing.SKIP);
        ClassifierModel plain = classifier.fit(customers);
        ClassifierModel balanced = classifier.balanced().fit(customers);
        ClassifierModel weighted = classifier.classWeights(Map.of(true, 10.0)).fit(customers);

        Dataset<Row> lastYear = customers.where("last_year");
        long left = lastYear.where("churned and age is not null").count();
        System.out.println("Of " + left + " who left last year are found: plain " + found(plain, lastYear)
                + ", balanced " + found(balanced, lastYear) + ", with class weights " + found(weighted, lastYear));

        Dataset<Row> scored = plain.transform(customers, Missing.KEEP);

        System.out.println(scored.where("prediction is null").count() + " rows have no age and no prediction");
    }
}
