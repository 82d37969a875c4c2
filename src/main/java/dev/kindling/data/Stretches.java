package dev.kindling.data;

import java.io.Serializable;

/**
 * Cuts the blocks into partitions of neighbours, and each partition into stretches: as many neighbouring blocks as a
 * task holds in memory at a time. A stretch has the number of its first block.
 */
final class Stretches implements Serializable {
    private static final long serialVersionUID = 1L;
    /** The most memory for the rows of a stretch; MNIST's, of mostly zeros, take 3 MB. */
    private static final int BYTES = 1 << 25;
    /** A feature that is not zero takes 6 bytes; the position and label of a row, and where to find it, 32. */
    private static final int BYTES_PER_FEATURE = 6;

    private static final int BYTES_PER_ROW = 32;

    private final int blocks;
    private final int partitions;
    private final int blocksPerStretch;

    /** @param blocksPerStretch at least 1; the last of a partition may be shorter */
    Stretches(int blocks, int partitions, int blocksPerStretch) {
        this.blocks = blocks;
        this.partitions = partitions;
        this.blocksPerStretch = blocksPerStretch;
    }

    /** How many blocks a task can hold in memory, for rows of this many features: 1 or more. */
    static int blocksPerStretch(int features) {
        return Math.max(1, BYTES / (BYTES_PER_FEATURE * features + BYTES_PER_ROW) / PackedRows.BLOCK_ROWS);
    }

    /** The most rows that a stretch has. */
    int rows() {
        return blocksPerStretch * PackedRows.BLOCK_ROWS;
    }

    /** The stretch that a block is in. */
    int of(int block) {
        int first = firstBlock(partition(block));
        return block - (block - first) % blocksPerStretch;
    }

    /** The block after the last of a stretch. */
    int end(int stretch) {
        return Math.min(stretch + blocksPerStretch, firstBlock(partition(stretch) + 1));
    }

    int partitions() {
        return partitions;
    }

    /** The partition that a block is in. */
    int partition(int block) {
        return (int) ((long) block * partitions / blocks);
    }

    /** The first block of this partition or, if it is empty, of a later one. */
    private int firstBlock(int partition) {
        return (int) (((long) partition * blocks + partitions - 1) / partitions);
    }
}
