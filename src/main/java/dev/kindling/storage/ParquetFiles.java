package dev.kindling.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
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
        check(spark, path, List.copyOf(columns));
        // A file that is skipped would shift the rows after it. A page that is not checked, which is Parquet's default,
        // would turn its damage into numbers. Indexes, which only filters use, have not been checked.
        return spark.read()
                .option("ignoreCorruptFiles", false)
                .option("ignoreMissingFiles", false)
                .option("parquet.page.verify-checksum.enabled", true)
                .option("parquet.filter.columnindex.enabled", false)
                .option("parquet.filter.bloom.enabled", false)
                .parquet(literal(path));
    }

    private static void check(SparkSession spark, Path path, List<String> columns) throws IOException {
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<String> files =
                list(path, conf.value()).stream().map(Path::toString).toList();
        if (files.isEmpty()) {
            return;
        }
        int tasks = Math.min(files.size(), spark.sparkContext().defaultParallelism());
        JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(files, tasks)
                .foreach(file -> ParquetCheck.check(new Path(file), conf.value(), columns));
    }

    /** All files that Spark would read: those that are not hidden, and the summaries of a folder. */
    static List<Path> list(Path path, Configuration configuration) throws IOException {
        List<Path> files = new ArrayList<>();
        FileSystem system = path.getFileSystem(configuration);
        list(system, system.getFileStatus(path), files);
        return files;
    }

    private static void list(FileSystem system, FileStatus status, List<Path> files) throws IOException {
        if (!status.isDirectory()) {
            files.add(status.getPath());
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

    /** Spark takes a path that it reads as a pattern, but not a path that it writes. */
    private static String literal(Path path) {
        return path.toString().replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
    }
}
