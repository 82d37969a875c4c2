package dev.kindling.cli;

import dev.kindling.data.files.ImageFolders;
import dev.kindling.data.files.Split;
import dev.kindling.data.files.tables.TableFiles;
import dev.kindling.data.tables.Missing;
import dev.kindling.data.tables.ModelTable;
import dev.kindling.storage.Model;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The options that say how a table is read, for the commands that read one. */
final class TableOptions {
    @Option(
            names = "--separator",
            paramLabel = "CHARACTER",
            description =
                    "What is between the fields of CSV; a space stands for any run of spaces. Default: what the first"
                            + " lines show.")
    private Character separator;

    @Option(
            names = "--no-header",
            description =
                    "The first line of CSV is a row; columns are called c1, c2 and so on. Default: what the first lines"
                            + " show.")
    private boolean noHeader;

    @Option(names = "--decimal-comma", description = "Numbers in CSV are written like 1,5.")
    private boolean decimalComma;

    @Option(
            names = "--missing",
            paramLabel = "KIND",
            defaultValue = "error",
            description =
                    "What to do with rows of a table in which something is missing: error, or skip (leave them out); for"
                            + " predict also keep (predict nothing). Default: ${DEFAULT-VALUE}")
    private Missing missing;

    /**
     * Opens a table, or pictures in a folder for each class.
     *
     * @param split which of the pictures, where there are folders for both
     */
    TableFiles.Opened open(SparkSession spark, String path, Split split) {
        spark.sparkContext().setJobDescription("read " + path);
        Split which = ImageFolders.isThere(spark, path, split) ? split : Split.TRAIN; // where there is but one folder
        if (!TableFiles.isThere(spark, path) && ImageFolders.isThere(spark, path, which)) {
            ImageFolders.Opened pictures = ImageFolders.open(spark, path, which);
            return new TableFiles.Opened(
                    pictures.rows(),
                    "pictures of " + pictures.width() + " x " + pictures.height() + " pixels in "
                            + (pictures.labels().size() == 1
                                    ? "one folder"
                                    : "folders of " + pictures.labels().size() + " classes"),
                    true);
        }
        return TableFiles.open(
                spark,
                path,
                new TableFiles.Options(
                        Optional.ofNullable(separator),
                        noHeader ? Optional.of(false) : Optional.empty(),
                        decimalComma));
    }

    /**
     * Opens the training rows of a model as it takes them, and prints what the table was taken for.
     *
     * @param model of a table's columns
     */
    ModelTable open(SparkSession spark, String path, Model model) {
        TableFiles.Opened opened = open(spark, path, Split.TRAIN);
        System.out.printf("%s: %s%n", path, opened.description());
        long seed = Long.parseLong(model.provenance().recipe().getOrDefault("seed", "1"));
        return new ModelTable(opened.rows(), model.signature().orElseThrow(), missing, seed, path);
    }

    Missing missing() {
        return missing;
    }
}
