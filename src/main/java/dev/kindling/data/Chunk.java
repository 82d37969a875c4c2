package dev.kindling.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.network.SparseRows;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows of one stretch that one task has read, on their way to the task that has them all.
 *
 * @param keys shape (rows): what decides where each row goes ({@link Placement})
 */
@DefaultSerializer(JavaSerializer.class)
record Chunk(long[] keys, SparseRows rows) implements Serializable {

    /** Collects rows into a chunk. */
    static final class Builder {
        private final SparseRows rows;
        private long[] keys = new long[16];

        Builder(SparseRows rows) {
            this.rows = rows;
        }

        /** @throws dev.kindling.error.KindlingException if the row is damaged */
        void add(PackableRows row) {
            if (rows.count() == keys.length) {
                keys = Arrays.copyOf(keys, 2 * keys.length);
            }
            keys[rows.count()] = row.key();
            row.addTo(rows);
        }

        Chunk build() {
            rows.trim();
            return new Chunk(Arrays.copyOf(keys, rows.count()), rows);
        }
    }
}
