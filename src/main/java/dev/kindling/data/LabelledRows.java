package dev.kindling.data;

import dev.kindling.error.KindlingException;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A labelled data set: its rows as a DataFrame, and what is known of them before the first row is read.
 *
 * @param rows the DataFrame, of {@link #SCHEMA}
 * @param count the number of rows, 1 to {@link #MAX_ROWS}
 * @param features the length of every row's {@code features}
 * @param source where the rows come from, for messages: a path or URI
 */
public record LabelledRows(Dataset<Row> rows, long count, int features, String source) {
    /**
     * {@code id} (long) is the row's position in the data set, 0 to count - 1; {@code label} (int) its class, from 0;
     * {@code features} (array of float) its inputs: pixels 0 to 255 become value / 255f.
     */
    public static final StructType SCHEMA = new StructType(new StructField[] {
        new StructField("id", DataTypes.LongType, false, Metadata.empty()),
        new StructField("label", DataTypes.IntegerType, false, Metadata.empty()),
        new StructField("features", DataTypes.createArrayType(DataTypes.FloatType, false), false, Metadata.empty())
    });

    /** The number of a block is an int. */
    public static final long MAX_ROWS = (long) Integer.MAX_VALUE * PackedRows.BLOCK_ROWS;

    /** @throws KindlingException if there are too many rows */
    public LabelledRows {
        if (count > MAX_ROWS) {
            throw new KindlingException(source + ": found " + count + " rows, expected at most " + MAX_ROWS);
        }
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(source, "source");
    }

    /**
     * The rows in Spark's internal form, which does not box every feature as a public Row does. A row object may be
     * reused for the next row.
     *
     * <p>Rows of Kindling's own readers come straight from the reader. To plan a query takes 0.6 s in a JVM that has
     * just started, even if the query changes nothing: a fifth of the time to read and pack MNIST.
     */
    public JavaRDD<InternalRow> internalRows() {
        return RowRelation.rowsOf(rows)
                .orElseGet(() -> rows.queryExecution().toRdd().toJavaRDD());
    }
}
