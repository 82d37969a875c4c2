package dev.kindling.data.files.tables;

import static org.apache.spark.sql.functions.col;

import dev.kindling.error.KindlingException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * JSON files as a table: an object a line, or arrays of objects over several lines. Spark finds the types in all of them, and a
 * line that is no object is refused, where Spark would make nulls of it.
 */
final class JsonTable {
    private static final String DAMAGED = "damaged record";
    private static final int SHOWN_CHARACTERS = 80;

    private JsonTable() {}

    static TableFiles.Opened open(SparkSession spark, FoundFiles files) {
        boolean lines = isObjectALine(files.head(files.files().get(0)).text());
        refuseDamaged(
                reader(spark, files, lines)
                        .schema(new StructType()
                                .add(DAMAGED, DataTypes.StringType)
                                .add("any", DataTypes.StringType))
                        .json(files.paths()),
                files);
        StructType schema = reader(spark, files, lines).json(files.paths()).schema();
        Dataset<Row> rows = reader(spark, files, lines)
                .schema(schema)
                .option("mode", "FAILFAST") // for files that have changed since
                .json(files.paths());
        if (schema.isEmpty() || rows.isEmpty()) {
            throw new KindlingException(files.name() + ": found no rows, expected at least 1");
        }
        return new TableFiles.Opened(rows, (lines ? "JSON lines" : "JSON") + files.count(), true);
    }

    /** Whether the first line is an object of its own. */
    private static boolean isObjectALine(String text) {
        String first = text.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("")
                .strip();
        return first.startsWith("{") && first.endsWith("}");
    }

    private static DataFrameReader reader(SparkSession spark, FoundFiles files, boolean lines) {
        return files.reader(spark)
                .option("multiLine", !lines)
                .option("mode", "PERMISSIVE")
                .option("columnNameOfCorruptRecord", DAMAGED);
    }

    private static void refuseDamaged(Dataset<Row> rows, FoundFiles files) {
        List<Row> damaged = rows.select(col("_metadata.file_path"), col("`" + DAMAGED + "`"), col("any"))
                .where(col("`" + DAMAGED + "`").isNotNull())
                .takeAsList(1);
        Stream.of(damaged).flatMap(List::stream).findFirst().ifPresent(row -> {
            String record = row.getString(1);
            throw new KindlingException(FoundFiles.nameOf(files.name(), files.root(), row.getString(0))
                    + ": found no JSON object in '"
                    + (record.length() > SHOWN_CHARACTERS ? record.substring(0, SHOWN_CHARACTERS) + "..." : record)
                            .strip()
                    + "', expected one a line, or an array of them");
        });
    }
}
