package dev.kindling.evaluation;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How predicted numbers lie beside the actual ones: rows counted in the cells of a square grid.
 *
 * @param low where both sides of the grid begin: the smallest of all numbers
 * @param high where they end
 * @param counts shape (cells, cells): counts[actual][predicted]
 */
public record Agreement(double low, double high, long[][] counts) {
    /**
     * Predicted numbers and the actual ones.
     *
     * @param actual a double; a row where one of them is missing is not counted
     * @param predicted a double
     */
    public record Pair(Column actual, Column predicted) {
        private Column ifBoth(Column value) {
            Column infinite = lit(Double.POSITIVE_INFINITY); // and NaN is larger
            return when(abs(actual).lt(infinite).and(abs(predicted).lt(infinite)), value);
        }
    }

    /**
     * Counts, in two Spark jobs, one for the ranges and one for the cells. On the driver and in a task there are no more counts than
     * cells.
     *
     * @param pairs at least one
     * @param cells how many a side has
     * @return one for each pair
     * @throws KindlingException if a pair has no numbers at all
     */
    public static List<Agreement> of(Dataset<Row> rows, List<Pair> pairs, int cells) {
        List<Column> ends = new ArrayList<>();
        for (Pair pair : pairs) {
            ends.add(min(pair.ifBoth(least(pair.actual, pair.predicted))));
            ends.add(max(pair.ifBoth(greatest(pair.actual, pair.predicted))));
        }
        Row found = rows.select(ends.toArray(Column[]::new)).first();
        List<Agreement> all = new ArrayList<>();
        List<Column> places = new ArrayList<>();
        for (int k = 0; k < pairs.size(); k++) {
            if (found.isNullAt(2 * k)) {
                throw new KindlingException("the rows: found none with a prediction and a target, expected some");
            }
            Agreement empty = empty(found.getDouble(2 * k), found.getDouble(2 * k + 1), cells);
            Pair pair = pairs.get(k);
            places.add(pair.ifBoth(struct(lit(k), empty.cell(pair.actual), empty.cell(pair.predicted))));
            all.add(empty);
        }
        rows.select(explode(array(places.toArray(Column[]::new))).as("place"))
                .where(col("place").isNotNull())
                .groupBy("place")
                .count()
                .collectAsList()
                .forEach(row -> {
                    Row place = row.getStruct(0);
                    all.get(place.getInt(0)).counts[place.getInt(1)][place.getInt(2)] = row.getLong(1);
                });
        return all;
    }

    /** Where all numbers are equal, the grid is a little larger than that. */
    private static Agreement empty(double low, double high, int cells) {
        double more = low == high ? Math.max(1, Math.abs(low)) / 2 : 0;
        return new Agreement(low - more, high + more, new long[cells][cells]);
    }

    /** The cell that a number is in; halves, because the whole range may be more than a double holds. */
    private Column cell(Column value) {
        Column share = value.divide(2).minus(low / 2).divide(high / 2 - low / 2);
        return least(floor(share.multiply(counts.length)), lit(counts.length - 1))
                .cast("int");
    }
}
