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
 * @param rows the DataFrame. It may be given in another order of columns, with more of them, and with other types of
 *     numbers: {@code features} may be an array of any of them, {@code label} any type that holds whole numbers, or a
 *     boolean. Without {@code id}, the place of a row follows from what is in it. It is kept as {@link #SCHEMA}. Every number
 *     stays what it is: whole numbers are not taken for pixels
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

    /**
     * Takes a DataFrame. Its rows are checked by the jobs that read them, which fail if a row is wrong.
     *
     * @throws KindlingException if there are no rows or too many, or if a column is missing or of a type that is not
     *     read, naming it
     */
    public LabelledRows {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(source, "source");
        if (count < 1 || count > MAX_ROWS) {
            throw new KindlingException(source + ": found " + count + " rows, expected 1 to " + MAX_ROWS);
        }
        if (RowRelation.rowsOf(rows).isEmpty()) {
            rows = GivenRows.of(rows, source);
        }
    }

    /**
     * The rows of {@link #SCHEMA} in Spark's internal form, which does not box every feature as a public Row does. A row
     * object may be reused for the next row.
     *
     * <p>Rows of Kindling's own readers come straight from the reader. To plan a query takes 0.6 s in a JVM that has
     * just started, even if the query changes nothing: a fifth of the time to read and pack MNIST.
     */
    public JavaRDD<InternalRow> internalRows() {
        return RowRelation.rowsOf(rows).orElseThrow().get();
    }

    /**
     * Refuses a pass over the rows that has met more or fewer of them than there are: they are read when they are needed,
     * and were counted before.
     *
     * @param found how many rows it has met
     * @throws KindlingException if there are others
     */
    public void requireAll(long found) {
        if (found != count) {
            throw changed(source, found, count);
        }
    }

    static KindlingException changed(String source, long found, long counted) {
        return new KindlingException(source + ": found " + found + " rows, expected " + counted
                + ", as when they were counted: did it change while it was read?");
    }
}
