package dev.kindling.data;

import dev.kindling.network.Block;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of one stretch that one task has read, on their way to the task that has them all.
 *
 * @param positions shape (rows): where each row goes
 */
record Chunk(long[] positions, Block rows) implements Serializable {

    /** Collects rows into a chunk. */
    static final class Builder {
        private final RowDecoder decoder;
        private final Block.Builder rows;
        private long[] positions = new long[16];

        Builder(RowDecoder decoder, int features) {
            this.decoder = decoder;
            this.rows = new Block.Builder(features);
        }

        /** @throws dev.kindling.KindlingException if the row is damaged */
        void add(long position, InternalRow row) {
            if (rows.rows() == positions.length) {
                positions = Arrays.copyOf(positions, 2 * positions.length);
            }
            positions[rows.rows()] = position;
            decoder.addTo(rows, row);
        }

        Chunk build() {
            return new Chunk(Arrays.copyOf(positions, rows.rows()), rows.build());
        }
    }
}
