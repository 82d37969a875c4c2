package dev.kindling.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Parquet that others may have written or damaged: checked before Spark reads it. */
public final class ParquetFiles {
    private ParquetFiles() {}

    /**
     * The rows of a Parquet file, or of a folder of such files, whose sizes Spark tasks have checked.
     *
     * @param path taken as it is, not as a pattern
     * @param columns the names of those that may be read. The others are not checked, so nobody must select them
     * @throws IOException if a file is not Parquet, or a size in it cannot be true
     */
    public static Dataset<Row> read(SparkSession spark, Path path, List<String> columns) throws IOException {
        List<Path> files = list(path, spark.sparkContext().hadoopConfiguration()).stream()
                .map(FileStatus::getPath)
                .toList();
        check(spark, files, List.copyOf(columns));
        return careful(spark.read()).parquet(literal(path));
    }

    /**
     * The rows of Parquet files with all of their columns, checked in the same way.
     *
     * @param reader what else Spark is to be told
     */
    public static Dataset<Row> read(DataFrameReader reader, SparkSession spark, List<Path> files) throws IOException {
        String[] paths = files.stream().map(ParquetFiles::literal).toArray(String[]::new);
        check(spark, files, List.of()); // the footers, which name the columns
        Dataset<Row> rows = careful(reader).parquet(paths);
        check(spark, files, List.of(rows.columns()));
        return rows;
    }

    /**
     * A file that is skipped would shift the rows after it. A page that is not checked, which is Parquet's default, would turn
     * its damage into numbers. Indexes, which only filters use, have not been checked.
     */
    private static DataFrameReader careful(DataFrameReader reader) {
        return reader.option("ignoreCorruptFiles", false)
                .option("ignoreMissingFiles", false)
                .option("parquet.page.verify-checksum.enabled", true)
                .option("parquet.filter.columnindex.enabled", false)
                .option("parquet.filter.bloom.enabled", false);
    }

    private static void check(SparkSession spark, List<Path> paths, List<String> columns) {
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<String> files = paths.stream().map(Path::toString).toList();
        if (files.isEmpty()) {
            return;
        }
        int tasks = Math.min(files.size(), spark.sparkContext().defaultParallelism());
        JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(files, tasks)
                .foreach(file -> ParquetCheck.check(new Path(file), conf.value(), columns));
    }

    /** All files that Spark would read: those that are not hidden, and the summaries of a folder. */
    static List<FileStatus> list(Path path, Configuration configuration) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        FileSystem system = path.getFileSystem(configuration);
        list(system, system.getFileStatus(path), files);
        return files;
    }

    private static void list(FileSystem system, FileStatus status, List<FileStatus> files) throws IOException {
        if (!status.isDirectory()) {
            files.add(status);
            return;
        }
        for (FileStatus child : system.listStatus(status.getPath())) {
            String name = child.getPath().getName();
            boolean hidden = name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
            if (!hidden || name.equals("_metadata") || name.equals("_common_metadata")) {
                list(system, child, files);
            }
        }
    }

    /** A path for Spark to read, which takes it as a pattern. A path that it writes it takes as it is. */
    public static String literal(Path path) {
        return path.toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
    }
}
