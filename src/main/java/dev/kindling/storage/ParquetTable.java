package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables written and read by Spark tasks, at paths that are taken as they are. */
public final class ParquetTable {
    private ParquetTable() {}

    /**
     * Writes a table and counts what has arrived.
     *
     * @param rows how many the table has
     * @throws KindlingException if not all of them can be read from here
     */
    public static void write(Dataset<Row> table, Path path, long rows) throws IOException {
        table.write().parquet(path.toString());
        long found = 0;
        Configuration configuration = table.sparkSession().sparkContext().hadoopConfiguration();
        for (FileStatus file : path.getFileSystem(configuration).listStatus(path)) {
            if (file.getPath().getName().endsWith(".parquet")) {
                try (ParquetFileReader footer =
                        ParquetFileReader.open(HadoopInputFile.fromStatus(file, configuration))) {
                    found += footer.getRecordCount();
                }
            }
        }
        if (found != rows) {
            throw new KindlingException(path.getParent() + ": found " + found + " of " + rows + " rows of "
                    + path.getName() + " after writing them, expected all: choose a place that all workers share");
        }
    }

    /** Writes a small table as one file. */
    public static void write(SparkSession spark, List<Row> rows, StructType schema, Path path) throws IOException {
        write(spark.createDataFrame(rows, schema).coalesce(1), path, rows.size());
    }

    /**
     * Reads a small table that is part of a model or a checkpoint.
     *
     * @param schema the columns to read; a row with a null in a column that allows none is left out
     * @param maxBytes the most that it may take in memory
     * @param what for messages: "damaged model"
     * @throws KindlingException if it is no table, or a column is missing or of another type
     */
    static List<Row> read(SparkSession spark, Path path, StructType schema, long maxBytes, String what) {
        try {
            Dataset<Row> table = ParquetFiles.read(spark, path, maxBytes);
            String found = columns(table.schema());
            for (StructField field : schema.fields()) {
                if (!Arrays.asList(table.columns()).contains(field.name())
                        || !table.schema().apply(field.name()).dataType().sameType(field.dataType())) {
                    throw new KindlingException(
                            path + ": " + what + ": found columns " + found + ", expected " + columns(schema));
                }
            }
            String complete = Arrays.stream(schema.fields())
                    .filter(field -> !field.nullable())
                    .map(field -> field.name() + " is not null") // not na().drop(), which drops NaN too
                    .collect(Collectors.joining(" and "));
            return table.selectExpr(schema.fieldNames()).where(complete).collectAsList();
        } catch (KindlingException e) {
            throw e;
        } catch (Exception e) {
            // Scala code throws checked exceptions that it does not declare. With any of them the table could not be
            // read.
            throw new KindlingException(
                    path + ": " + what + ": not a readable Parquet table: " + Reason.innermost(e), e);
        }
    }

    /** The one row of a table that is part of a model or a checkpoint. */
    static Row onlyRow(SparkSession spark, Path path, StructType schema, long maxBytes, String what) {
        List<Row> rows = read(spark, path, schema, maxBytes, what);
        if (rows.size() != 1) {
            throw new KindlingException(path.getParent() + ": " + what + ": found " + rows.size() + " complete rows in "
                    + path.getName() + ", expected 1");
        }
        return rows.get(0);
    }

    private static String columns(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> field.name() + " " + field.dataType().simpleString())
                .collect(Collectors.joining(", "));
    }
}
