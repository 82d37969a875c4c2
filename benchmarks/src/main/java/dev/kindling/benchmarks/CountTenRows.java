package dev.kindling.benchmarks;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** The least that an application of Spark SQL does: it opens a session and counts ten rows. */
public final class CountTenRows {
    private CountTenRows() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            System.out.println("rows: " + spark.range(10).count());
        }
    }
}
