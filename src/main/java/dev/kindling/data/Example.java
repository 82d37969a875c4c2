package dev.kindling.data;

import static dev.kindling.error.KindlingException.setting;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import dev.kindling.error.KindlingException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One row of a data set, brought to the driver for a person to look at.
 *
 * @param id the row's position in the data set
 * @param label its class
 * @param features shape (features)
 */
public record Example(long id, int label, float[] features) {
    /**
     * Draws rows at random, in a Spark job: those whose ids hash lowest with the seed, so the same rows in the same order
     * for any partitions.
     *
     * @param count how many, at least 1; if there are fewer, all of them come
     * @param label the class they must have; empty for any
     * @throws KindlingException if there is none of that class
     */
    public static List<Example> draw(LabelledRows rows, int count, long seed, OptionalInt label) {
        Dataset<Row> candidates =
                label.isPresent() ? rows.rows().where(col("label").equalTo(label.getAsInt())) : rows.rows();
        List<Example> drawn = collect(
                candidates.orderBy(xxhash64(lit(seed), col("id")), col("id")).limit(count));
        if (drawn.isEmpty()) {
            throw new KindlingException(
                    rows.source() + ": found no row of class " + label.getAsInt() + ", expected at least one");
        }
        return drawn;
    }

    /**
     * The rows with these ids, in no particular order.
     *
     * @param ids each once
     * @throws KindlingException if one of them is missing, or there more than once
     */
    public static List<Example> withIds(LabelledRows rows, Collection<Long> ids) {
        List<Example> found = collect(rows.rows().where(col("id").isin(ids.toArray())));
        List<Long> foundIds = found.stream().map(Example::id).sorted().toList();
        if (!foundIds.equals(ids.stream().sorted().toList())) {
            throw new KindlingException(rows.source() + ": found " + found.size() + " rows with the ids " + ids
                    + ", expected each once: did it change while it was read?");
        }
        return found;
    }

    /**
     * The row with an id.
     *
     * @throws KindlingException if there is none
     */
    public static Example withId(LabelledRows rows, long id) {
        if (id < 0 || id >= rows.count()) {
            throw new KindlingException(setting("id") + ": found " + id + ", expected 0 to " + (rows.count() - 1)
                    + ", the rows of " + rows.source());
        }
        return withIds(rows, List.of(id)).get(0);
    }

    private static List<Example> collect(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .map(row -> new Example(row.getLong(0), row.getInt(1), floats(row.getList(2))))
                .toList();
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = values.get(k);
        }
        return floats;
    }
}
