package dev.kindling.data;

import java.util.BitSet;
import java.util.List;
import org.apache.spark.Partitioner;

/**
 * Decides which rows share a block and in which order, from the rows and the seed alone, and which blocks share a
 * partition.
 *
 * <p>Blocks are numbered, and so are the rows in them, by their positions: block after block. A stretch is as many neighbouring
 * blocks of a partition as a task holds in memory at a time, and has the number of its first block. A row has a key, which says
 * what stretch it goes to.
 */
abstract class Placement extends Partitioner {
    private static final long serialVersionUID = 1L;

    /** The number of rows. */
    abstract long rows();

    /** The number of blocks, numbered from 0. */
    abstract int blocks();

    /** The position of a block's first row; that of the block after the last is the number of rows. */
    abstract long firstRow(int block);

    /** The numbers of the blocks held out; not to be changed. */
    abstract BitSet validation();

    /** How many rows are held out. */
    abstract long validationRows();

    /** The stretch of the row with this key. */
    abstract int stretch(long key, boolean isHeldOut);

    /** The block after the last of a stretch. */
    abstract int end(int stretch);

    /** How many rows a task collects before it sends them on. */
    abstract int rowsAtATime();

    /**
     * Puts the rows of a stretch into their order.
     *
     * @param chunks all of the stretch, in any order
     * @throws dev.kindling.error.KindlingException if they are not the rows that were counted
     */
    abstract Arranged arrange(int stretch, List<Chunk> chunks);

    /** The id of the row at a position; 0 where rows have none. */
    abstract long id(long position);
}
