package dev.kindling.cli;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.files.DataDirectory;
import dev.kindling.data.files.Split;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** {@code --data}, for all commands that read a data set. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/mnist",
            description = "The directory of the data set: IDX, CSV or Parquet files; see README."
                    + " Default: ${DEFAULT-VALUE}")
    private String directory;

    /** Opens one part of the data set; see {@link DataDirectory#open}. */
    LabelledRows open(SparkSession spark, Split split, int classes) {
        spark.sparkContext().setJobDescription("read " + directory);
        return DataDirectory.open(spark, directory, split, classes);
    }

    /** The place of the data. */
    @Override
    public String toString() {
        return directory;
    }
}
