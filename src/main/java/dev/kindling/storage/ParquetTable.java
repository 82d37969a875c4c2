package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Tables at paths that are taken as they are. Those of models and checkpoints are written and read here, others by Spark tasks. */
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

    /**
     * Writes a table as one file, from here: no Spark task is sent its rows, however large they are.
     *
     * @param rows arrays of numbers in them are Java arrays, and times are {@link java.time.Instant}s
     */
    public static void write(SparkSession spark, Iterator<Row> rows, StructType schema, Path path) throws IOException {
        TableWriter.write(rows, schema, path, spark.sparkContext().hadoopConfiguration());
    }

    /** Reads a table that is part of a model or a checkpoint: {@link #read(Configuration, Path, StructType, long, String)}. */
    private static List<Row> read(Configuration configuration, Path path, StructType schema, long maxBytes)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        List<FileStatus> files = ParquetFiles.list(path, configuration);
        long bytes = 0;
        for (FileStatus file : files) {
            bytes = Math.addExact(bytes, ParquetCheck.check(file, configuration, List.of(schema.fieldNames())));
        }
        if (bytes > maxBytes) {
            throw new IOException("found " + bytes + " bytes of values, expected at most " + maxBytes);
        }
        for (FileStatus file : files) {
            if (!file.getPath().getName().startsWith("_")) { // the summary of a folder
                TableReader.read(file, schema, configuration, rows);
            }
        }
        return rows;
    }

    /**
     * Reads a table that is part of a model or a checkpoint, from here: a file, or a folder of files as Spark writes them.
     *
     * @param schema the columns to read; a row with a null in a column that allows none is left out
     * @param maxBytes the most that it may take in memory
     * @param what for messages: "damaged model"
     * @return rows whose arrays of numbers are Java arrays, and whose times are {@link java.time.Instant}s
     * @throws KindlingException if it is no table, or a column is missing or of another type
     */
    static List<Row> read(Configuration configuration, Path path, StructType schema, long maxBytes, String what) {
        try {
            return read(configuration, path, schema, maxBytes);
        } catch (KindlingException e) {
            throw new KindlingException(path + ": " + what + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException | StackOverflowError e) { // what damage does to Parquet's own reader
            throw new KindlingException(
                    path + ": " + what + ": not a readable Parquet table: " + Reason.innermost(e), e);
        }
    }

    /** The one row of a table that is part of a model or a checkpoint. */
    static Row onlyRow(Configuration configuration, Path path, StructType schema, long maxBytes, String what) {
        List<Row> rows = read(configuration, path, schema, maxBytes, what);
        if (rows.size() != 1) {
            throw new KindlingException(path.getParent() + ": " + what + ": found " + rows.size() + " complete rows in "
                    + path.getName() + ", expected 1");
        }
        return rows.get(0);
    }
}
