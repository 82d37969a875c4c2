package dev.kindling.data.files;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.size;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.RowRelation;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.storage.ParquetFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet file or folder as rows. A row's id is its place in its file, after the rows of all files whose paths sort
 * before; how Spark cuts the files into tasks does not matter.
 */
final class ParquetRows {
    private static final Column PATH = col("_metadata.file_path");

    private static final String FEATURES = "features";

    private ParquetRows() {}

    /** @param label the column of the label */
    static LabelledRows open(SparkSession spark, DataFile file, int classes, String label) {
        try {
            Dataset<Row> parquet = ParquetFiles.read(spark, new Path(file.uri()), List.of(label, FEATURES));
            return open(spark, parquet, file.name(), classes, label);
        } catch (Exception e) { // some that Spark throws are checked, but Scala does not declare them
            throw e instanceof KindlingException known ? known : unreadable(file.name(), e);
        }
    }

    private static LabelledRows open(SparkSession spark, Dataset<Row> parquet, String name, int classes, String label) {
        ParquetFeatures form = form(parquet.schema(), name, label);
        Map<String, Long> rowsOfFile = new TreeMap<>(); // one entry a file, sorted by path
        for (Row file : parquet.groupBy(PATH).count().collectAsList()) {
            rowsOfFile.put(file.getString(0), file.getLong(1));
        }
        if (rowsOfFile.isEmpty()) {
            throw new KindlingException(name + ": found no rows, expected at least 1");
        }
        Map<String, Long> firstIds = new HashMap<>();
        long count = 0;
        for (Map.Entry<String, Long> file : rowsOfFile.entrySet()) {
            firstIds.put(file.getKey(), count);
            count += file.getValue();
        }
        String firstFile = rowsOfFile.keySet().iterator().next();
        int features = length(parquet.where(PATH.equalTo(firstFile)), form, name);
        JavaRDD<InternalRow> rows = parquet.select(
                        PATH,
                        col("_metadata.row_index"),
                        col("`" + label.replace("`", "``") + "`").cast("long"),
                        col(FEATURES).cast(form.type))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(part -> new ParquetIterator(part, name, firstIds, form, classes));
        return new LabelledRows(RowRelation.of(spark, rows, name), count, features, name);
    }

    private static ParquetFeatures form(StructType schema, String name, String label) {
        List<String> columns = List.of(schema.fieldNames());
        if (!columns.containsAll(List.of(label, FEATURES))) {
            throw new KindlingException(
                    name + ": found columns " + String.join(", ", columns) + ", expected " + label + " and features");
        }
        if (!ParquetFeatures.isWhole(schema.apply(label).dataType())) {
            throw new KindlingException(name + ": found " + label + " of type "
                    + schema.apply(label).dataType().sql() + ", expected TINYINT, SMALLINT, INT or BIGINT");
        }
        return ParquetFeatures.of(schema.apply(FEATURES).dataType())
                .orElseThrow(() -> new KindlingException(name + ": found features of type "
                        + schema.apply(FEATURES).dataType().sql()
                        + ", expected ARRAY of FLOAT, DOUBLE or a whole type, or BINARY"));
    }

    /** The number of features in the first of these rows. */
    private static int length(Dataset<Row> rows, ParquetFeatures form, String name) {
        Column features = col(FEATURES);
        Row first = rows.select(form == ParquetFeatures.BYTES ? octet_length(features) : size(features))
                .first();
        if (first.isNullAt(0) || first.getInt(0) < 1) {
            throw new KindlingException(name + ": found a row without features, expected at least 1");
        }
        return first.getInt(0);
    }

    static KindlingException unreadable(String name, Throwable e) {
        return new KindlingException(name + ": cannot be read as Parquet: " + Reason.innermost(e), e);
    }
}
