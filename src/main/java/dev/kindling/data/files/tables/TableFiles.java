package dev.kindling.data.files.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Opens any table in a file or a folder.
 *
 * <ul>
 *   <li>CSV, with any separator and with or without a header: {@link CsvTable};
 *   <li>JSON, an object a line or an array of objects: {@link JsonTable};
 *   <li>Parquet, with all of its columns but pandas' index;
 *   <li>libsvm, which has labels and numbered features: {@link LibsvmTable}.
 * </ul>
 *
 * <p>The ending of the name says which ({@link TableFormat}), and the first bytes say it where the name does not. Text may be
 * compressed: {@code .gz}, {@code .bz2} and what else Hadoop knows. A folder has files of one format, right in it or in folders
 * called {@code key=value}, whose keys become columns ({@link FoundFiles}).
 */
public final class TableFiles {
    /** How pandas calls an index that has no name. */
    private static final String PANDAS_INDEX = "__index_level_\\d+__";

    private TableFiles() {}

    /**
     * What is known of a CSV file, so that it is not guessed.
     *
     * @param separator between fields; a space stands for any run of spaces and tabs
     * @param header whether the first line names the columns
     * @param decimalComma whether numbers are written like 1,5
     */
    public record Options(Optional<Character> separator, Optional<Boolean> header, boolean decimalComma) {
        /** Nothing is known. */
        public static final Options GUESS = new Options(Optional.empty(), Optional.empty(), false);

        private static final Set<Character> NO_SEPARATORS = Set.of('"', '\n', '\r', '\\', '.', '-', '+');

        public Options {
            separator.ifPresent(found -> {
                if (NO_SEPARATORS.contains(found) || Character.isLetterOrDigit(found)) {
                    throw new KindlingException(setting("separator") + ": found " + CsvDialect.shown(found)
                            + ", expected a character that is in no name and no number, such as ; or |");
                }
                if (found == ',' && decimalComma) {
                    throw new KindlingException(setting("separator") + ": found ',', expected another one where "
                            + setting("decimal-comma") + " is set");
                }
            });
        }

        private boolean isEmpty() {
            return equals(GUESS);
        }
    }

    /**
     * A table.
     *
     * @param rows in no order that anybody could rely on
     * @param description how it was read, as in "CSV with header, separator ';'"
     * @param isParsed whether each pass over the rows parses them anew, so that it pays to keep them
     */
    public record Opened(Dataset<Row> rows, String description, boolean isParsed) {}

    /**
     * Opens a table. Spark jobs read all of CSV, JSON and libsvm to see what types the columns have, and whether each row is
     * sound.
     *
     * @param path a path or URI of any file system that Hadoop knows, taken as it is, not as a pattern
     * @throws KindlingException if there is no table, or one that is damaged. A job over the rows fails with one as its cause
     *     if a file has changed since
     */
    public static Opened open(SparkSession spark, String path, Options options) {
        FoundFiles found = FoundFiles.at(spark.sparkContext().hadoopConfiguration(), path);
        FoundFiles.Table table = found.table();
        if (table.format() != TableFormat.CSV && !options.isEmpty()) {
            throw new KindlingException(path + ": found " + table.format().shown + ", expected CSV where "
                    + setting("separator") + ", " + setting("header") + " or " + setting("decimal-comma") + " is set");
        }
        try {
            return switch (table.format()) {
                case CSV -> CsvTable.open(spark, table.files(), options);
                case JSON -> JsonTable.open(spark, table.files());
                case PARQUET -> parquet(spark, table.files());
                case LIBSVM -> LibsvmTable.open(spark, table.files());
            };
        } catch (Exception e) { // some that Spark throws are checked, but Scala does not declare them
            throw e instanceof KindlingException known
                    ? known
                    : new KindlingException(
                            path + ": cannot be read as " + table.format().shown + ": " + Reason.innermost(e), e);
        }
    }

    /** Whether a path is that of a file. */
    public static boolean isFile(SparkSession spark, String path) {
        try {
            return !FoundFiles.at(spark.sparkContext().hadoopConfiguration(), path)
                    .isFolder();
        } catch (KindlingException e) { // nothing at all
            return false;
        }
    }

    /** Whether there is a file, or a folder of files as Spark writes it, that may be a table. */
    public static boolean isThere(SparkSession spark, String path) {
        try {
            FoundFiles found = FoundFiles.at(spark.sparkContext().hadoopConfiguration(), path);
            return !found.isFolder() || found.hasTable();
        } catch (KindlingException e) { // nothing at all
            return false;
        }
    }

    private static Opened parquet(SparkSession spark, FoundFiles files) throws IOException {
        Dataset<Row> rows = files.parquet(spark);
        String[] index = Arrays.stream(rows.columns())
                .filter(name -> name.matches(PANDAS_INDEX))
                .toArray(String[]::new);
        return new Opened(
                rows.drop(index), "Parquet" + (index.length == 0 ? "" : " without the index of pandas"), false);
    }
}
