package dev.kindling.data;

import static dev.kindling.data.PackedRows.BLOCK_ROWS;
import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.BitSet;

/**
 * Which positions lie in which block, and which blocks are held out for validation. The permutation decides which rows
 * have these positions, so any will do.
 *
 * <p>A block is held out as a whole or not at all. Of {@value #MANY_BLOCKS} blocks or more, some are held out at even
 * distances, so that each partition has its share of them. Of fewer rows the last ones are held out, as many as are asked
 * for, and blocks begin anew with them.
 */
final class BlockLayout implements Serializable {
    /** With so many blocks or more, the share of the blocks that is held out is close enough to the share that is asked for. */
    static final int MANY_BLOCKS = 40;

    private static final long serialVersionUID = 1L;

    private final long rows;
    /** The position after which blocks begin anew, or {@link #rows}. */
    private final long restart;

    private final BitSet validation = new BitSet();
    private final long validationRows;

    /**
     * @param rows how many there are
     * @param validationFraction the share of them that is held out, 0 to below 1
     * @param source for the message
     * @throws KindlingException if none would be left to train on
     */
    BlockLayout(long rows, double validationFraction, String source) {
        this.rows = rows;
        boolean byBlock = blocks(rows) >= MANY_BLOCKS;
        long all = byBlock ? blocks(rows) : rows;
        long heldOut = validationFraction == 0 ? 0 : Math.max(1, Math.round(validationFraction * all));
        if (heldOut >= all) {
            throw new KindlingException(setting("validation-fraction") + ": found " + validationFraction
                    + ", expected less: some of the " + rows + " rows of " + source + " must stay for training");
        }
        this.restart = byBlock ? rows : rows - heldOut;
        if (byBlock) {
            for (long k = 0; k < heldOut; k++) {
                validation.set((int) ((2 * k + 1) * all / (2 * heldOut)));
            }
        } else {
            validation.set(blocks(restart), blocks());
        }
        this.validationRows = validation.stream()
                .mapToLong(block -> firstRow(block + 1) - firstRow(block))
                .sum();
    }

    private static int blocks(long rows) {
        return Math.toIntExact((rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
    }

    /** The number of rows. */
    long rows() {
        return rows;
    }

    /** The number of blocks. */
    int blocks() {
        return blocks(restart) + blocks(rows - restart);
    }

    /** The block that a position lies in. */
    int block(long position) {
        return position < restart
                ? (int) (position / BLOCK_ROWS)
                : blocks(restart) + (int) ((position - restart) / BLOCK_ROWS);
    }

    /** The position of a block's first row; that of the block after the last is the number of rows. */
    long firstRow(int block) {
        int before = blocks(restart);
        return block < before
                ? (long) block * BLOCK_ROWS
                : Math.min(restart + (long) (block - before) * BLOCK_ROWS, rows);
    }

    /** The numbers of the blocks held out; not to be changed. */
    BitSet validation() {
        return validation;
    }

    /** How many rows are held out. */
    long validationRows() {
        return validationRows;
    }
}
