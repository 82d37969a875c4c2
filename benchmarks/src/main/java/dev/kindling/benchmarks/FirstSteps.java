package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.training.Recipe;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;

/** Times the first steps of a JVM that has just started. Its arguments: as those of {@link Repository#recipe}. */
public final class FirstSteps {
    private FirstSteps() {}

    public static void main(String[] arguments) throws IOException {
        Recipe recipe = Repository.recipe(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length));
        try (SparkSession spark = Kindling.session();
                PackedRows packed = Kindling.pack(spark, recipe)) {
            System.out.println(
                    Arrays.stream(Kindling.run(packed, recipe).seconds()).sum());
        }
    }
}
