package dev.kindling.data.files.tables;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How CSV files use quotes, which Spark has to be told.
 *
 * @param lineEnds whether there may be line ends between quotes: only then has a line an odd number of quotes. Spark reads such
 *     a file in one task, so it is worth while to look
 * @param backslashes whether quotes inside are written behind a backslash, as Spark does it, and not twice, as all others do
 */
record Quotes(boolean lineEnds, boolean backslashes) {
    /** A backslash that ends a field says nothing. */
    private static final String BACKSLASH = "\\\\\"[^\",;|\\t]";

    /** @param lines in a column called value */
    static Quotes in(Dataset<Row> lines) {
        Row found = lines.agg(
                        coalesce(max(expr("(length(value) - length(replace(value, '\"', ''))) % 2 = 1")), lit(false)),
                        coalesce(max(col("value").rlike(BACKSLASH)), lit(false)))
                .first();
        return new Quotes(found.getBoolean(0), found.getBoolean(1));
    }
}
