package dev.kindling.storage;

import dev.kindling.KindlingException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Tables written and read by Spark tasks, at paths that are taken as they are. */
public final class ParquetTable {
    private ParquetTable() {}

    /**
     * Writes a table and counts what has arrived.
     *
     * @param rows how many the table has
     * @throws KindlingException if not all of them can be read from here
     */
    public static void write(Dataset<Row> table, Path path, long rows) {
        table.write().parquet(path.toString());
        long found = table.sparkSession()
                .read()
                .schema(table.schema())
                .parquet(literal(path))
                .count();
        if (found != rows) {
            throw new KindlingException(path.getParent() + ": found " + found + " of " + rows + " rows of "
                    + path.getName() + " after writing them, expected all: choose a place that all workers share");
        }
    }

    /** The table in a directory. */
    static Dataset<Row> read(SparkSession spark, Path path) {
        return spark.read().parquet(literal(path));
    }

    /** Spark takes what it reads for a pattern, though not what it writes. */
    private static String literal(Path path) {
        return path.toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
    }
}
