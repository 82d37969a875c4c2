package dev.kindling.cli;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.ImageFolders;
import dev.kindling.data.files.Split;
import dev.kindling.data.files.tables.TableFiles;
import dev.kindling.error.KindlingException;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** {@code --data} and {@code --label}, for all commands that read a data set. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:KINDLING_HOME:-}data/mnist",
            description =
                    "The directory of the data set: IDX, CSV or Parquet files for training and testing, or, but for"
                            + " tune and samples, a table: a file (CSV, Parquet, JSON, libsvm) or a folder of such files; see README."
                            + " Default: ${DEFAULT-VALUE}")
    private String directory;

    @Option(
            names = "--label",
            paramLabel = "NAME",
            description = "The column of the label, in CSV with a header or in Parquet. Default: in CSV the first of"
                    + " label, class, target, species and y that the header has, and the first column if there is no"
                    + " header; in Parquet label.")
    private String label;

    /** Opens one part of the data set; see {@link DataDirectory#open}. */
    LabelledRows open(SparkSession spark, Split split, int classes) {
        spark.sparkContext().setJobDescription("read " + directory);
        return DataDirectory.open(spark, directory, split, classes, Optional.ofNullable(label));
    }

    /**
     * Whether it is a table, in a file or a folder as Spark writes it, or pictures in a folder for each class, and not a directory
     * with files for training and testing.
     *
     * @param split which of the two is wanted
     */
    boolean isTable(SparkSession spark, Split split) {
        if (TableFiles.isFile(spark, directory)) {
            return true;
        }
        return (TableFiles.isThere(spark, directory) || ImageFolders.isThere(spark, directory, split))
                && !DataDirectory.isThere(spark, directory, split);
    }

    /** Refuses a directory of images, for a model that takes the columns of a table. */
    void requireTable(SparkSession spark) {
        if (!isTable(spark, Split.TRAIN) && !isTable(spark, Split.TEST)) {
            throw new KindlingException("--data: found " + directory
                    + ", expected a table, because the model takes columns: a file or a folder of CSV, Parquet, JSON or"
                    + " libsvm, or pictures in a folder for each class");
        }
    }

    /** The column of the label; null if none is named. */
    String label() {
        return label;
    }

    /** Refuses a place where this machine has nothing. */
    void checkThere() {
        LocalPaths.requireThere(directory, "a directory with files for training and testing, or a table");
    }

    /** Refuses a directory that this machine has not, and a file in its place. */
    void checkPaths() {
        LocalPaths.requireDirectory(directory, "");
    }

    /** The place of the data. */
    @Override
    public String toString() {
        return directory;
    }
}
