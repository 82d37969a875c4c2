package dev.kindling.data;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.Seeds;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The hash of each block as it was packed first. Spark packs a block again when the executor that had it is lost, and
 * reads its rows again for that: they must be the same.
 *
 * <p>The function that packs has this object in it. Spark serialises that function for each job anew, so what the driver
 * puts in after the first job is there in all later ones.
 */
final class BlockHashes implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String source;
    /** Shape (blocks); null until each has been packed once. */
    private Broadcast<long[]> first;

    /** @param source for the message */
    BlockHashes(String source) {
        this.source = source;
    }

    /** The hash of a block, from those of its rows. */
    static long of(long... rows) {
        return Seeds.mix(rows.length, rows);
    }

    /**
     * Keeps the hashes, on the driver.
     *
     * @param hashes shape (blocks)
     */
    void keep(JavaSparkContext context, long... hashes) {
        first = context.broadcast(hashes);
    }

    /** @throws KindlingException if the block has been packed before, from other rows */
    void check(int number, Block block) {
        if (first != null && first.value()[number] != of(block.hashes())) {
            throw new KindlingException(source + ": found other rows when it was read again for block " + number
                    + ", which was lost; expected those of the first time, for as long as they are in use");
        }
    }

    /** Frees the memory that the hashes take on driver and executors. */
    void free() {
        if (first != null) {
            first.destroy();
        }
    }
}
