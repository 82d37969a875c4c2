package dev.kindling.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import dev.kindling.Classifier;
import dev.kindling.TrainingTable;
import dev.kindling.data.PackedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * Rows 26: a table of a hundred million rows that its executors make, of which memory holds a part, beside one of 60,000. Each has a
 * JVM of its own, whose main class this is too.
 */
public final class LargeTable {
    private static final int ROWS = 100_000_000;
    private static final int FEW_ROWS = 60_000;
    private static final int COLUMNS = 30;
    private static final int STEPS = 4_000;

    private LargeTable() {}

    static List<Row> rows(Bench bench) {
        int count = bench.quick() ? ROWS / 100 : ROWS;
        double[] many = measure(count, bench.quick() ? "1g" : "6g");
        double[] few = measure(FEW_ROWS, "1g");
        String what = String.format(Locale.ROOT, "%,d rows of %d columns", count, COLUMNS);
        return List.of(
                Row.within(
                        "26",
                        "a step of 1,024 rows out of " + what
                                + String.format(
                                        Locale.ROOT,
                                        ", packed %.1f GB, of which %.1f GB are on disk, against one out of %,d rows",
                                        many[1] / 1e9,
                                        many[2] / 1e9,
                                        FEW_ROWS),
                        many[0],
                        few[0],
                        1.15),
                figure("26 b", "looking at " + what + " and packing them", Row.time(many[3])),
                figure("26 c", "the most memory of that JVM, with its tasks", Row.number(many[4] / 1e9) + " GB"));
    }

    private static Row figure(String number, String what, String figure) {
        return new Row(number, what, figure, Row.NONE, Row.NONE, Row.NONE, Row.NONE);
    }

    private static double[] measure(int count, String memory) {
        List<String> options = new ArrayList<>(FreshJvm.NO_NATIVE_BLAS);
        options.addAll(List.of("--driver-memory", memory));
        return FreshJvm.first(
                        FreshJvm.lines(FreshJvm.submit(LargeTable.class, options, String.valueOf(count))), "measured")
                .numbers();
    }

    /** @param arguments the number of rows */
    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = Kindling.session()) {
            Kindling.warmUp(spark, Kindling.WARM_UP);
            long start = System.nanoTime();
            TrainingTable table = new Classifier()
                    .label("label")
                    .hiddenLayers(10)
                    .recipe(recipe -> recipe.batchSize(1_024).iterations(STEPS))
                    .open(table(spark, Integer.parseInt(arguments[0])));
            try (PackedRows packed = table.pack()) {
                double packing = (System.nanoTime() - start) / 1e9;
                long inMemory = packed.bytesInMemory();
                long onDisk = packed.bytesOnDisk();
                double[] seconds = Kindling.run(packed, table.recipe()).seconds();
                double step = Alternation.median(Arrays.copyOfRange(seconds, STEPS / 2, STEPS));
                System.out.printf(
                        Locale.ROOT,
                        "measured %f %d %d %f %d%n",
                        step,
                        inMemory + onDisk,
                        onDisk,
                        packing,
                        mostMemory());
            }
        }
    }

    /** Columns between -1 and 1 that depend on the number of the row alone, and a label that depends on three of them. */
    private static Dataset<org.apache.spark.sql.Row> table(SparkSession spark, int count) {
        Column[] columns = new Column[COLUMNS];
        Arrays.setAll(
                columns,
                k -> xxhash64(col("id"), lit(k)).divide(Math.pow(2, 63)).as("c" + k));
        return spark.range(count)
                .select(columns)
                .withColumn("label", expr("cast(c0 * c1 + c2 > 0 as int)"));
    }

    /** What Linux says of the resident memory of this process, at most, in bytes. */
    private static long mostMemory() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(status -> status.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
}
