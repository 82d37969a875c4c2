package dev.kindling.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.network.SparseRows;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of one stretch that one task has read, on their way to the task that has them all.
 *
 * @param positions shape (rows): where each row goes
 */
@DefaultSerializer(JavaSerializer.class)
record Chunk(long[] positions, SparseRows rows) implements Serializable {

    /** Collects rows into a chunk. */
    static final class Builder {
        private final RowDecoder decoder;
        private final SparseRows rows;
        private long[] positions = new long[16];

        Builder(RowDecoder decoder, int features) {
            this.decoder = decoder;
            this.rows = new SparseRows(features, decoder.targets());
        }

        /** @throws dev.kindling.error.KindlingException if the row is damaged */
        void add(long position, InternalRow row) {
            if (rows.count() == positions.length) {
                positions = Arrays.copyOf(positions, 2 * positions.length);
            }
            positions[rows.count()] = position;
            decoder.addTo(rows, row);
        }

        Chunk build() {
            rows.trim();
            return new Chunk(Arrays.copyOf(positions, rows.count()), rows);
        }
    }
}
