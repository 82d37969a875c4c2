package dev.kindling.data.files.tables;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.OutputFile;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table that is written whole or not at all. The ending of its name says what it is: {@code .csv}, {@code .json},
 * {@code .jsonl} and {@code .ndjson}, also with {@code .gz}, and {@code .parquet} are one file, with the rows in their order. Any
 * other name is a folder of Parquet.
 */
public final class TableOutput {
    /** Shows that Spark has written a folder, and all of it. */
    private static final String MARK = "_SUCCESS";

    private static final Pattern ONE_FILE = Pattern.compile("(?i).*\\.(?:(?:csv|json|jsonl|ndjson)(?:\\.gz)?|parquet)");

    private final Consumer<Dataset<Row>> writer;

    private TableOutput(Consumer<Dataset<Row>> writer) {
        this.writer = writer;
    }

    /**
     * Checks all that can be checked before there is anything to write.
     *
     * @param path a path or URI of any Hadoop file system
     * @param overwrite whether it may exist; a folder is replaced only if Spark has written it
     * @param warn receives a line if a command that was killed has left a folder to be put right
     * @throws KindlingException if it exists and may not, cannot be written, or is of a kind that is only read
     */
    public static TableOutput open(SparkSession spark, String path, boolean overwrite, Consumer<String> warn) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        String name = path.substring(path.lastIndexOf('/') + 1);
        Optional<TableFormat> format = TableFormat.ofName(name);
        if (format.isPresent() && !ONE_FILE.matcher(name).matches()) {
            throw new KindlingException(
                    path + ": found the name of a table that is read but not written, expected one that"
                            + " ends with .csv, .json or .jsonl, plain or .gz, or with .parquet, or a folder of Parquet");
        }
        if (format.isPresent()) {
            OutputFile file = OutputFile.open(conf, path, overwrite);
            return new TableOutput(rows -> new SingleFile(conf, path, file, format.get()).write(rows));
        }
        OutputDirectory folder = OutputDirectory.open(conf, path, MARK, overwrite, warn);
        return new TableOutput(rows -> folder.write(staging -> save(rows.write().format("parquet"), staging)));
    }

    /**
     * Writes the table.
     *
     * @throws KindlingException if that fails; then nothing is left behind, and what was there before is unchanged
     */
    public void write(Dataset<Row> rows) {
        writer.accept(rows);
    }

    /**
     * Lets Spark write into a folder that is empty or not there.
     *
     * @throws KindlingException the one that a task has thrown, if it is one
     */
    static void save(DataFrameWriter<Row> writer, Path folder) throws IOException {
        try {
            writer.mode("append").save(folder.toString());
        } catch (Exception e) { // some that Spark throws are checked, but Scala does not declare them
            Optional<KindlingException> known = KindlingException.in(e);
            if (known.isPresent()) {
                throw known.get();
            }
            throw new IOException(Reason.innermost(e), e);
        }
    }
}
