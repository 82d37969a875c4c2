package dev.kindling.data;

import dev.kindling.network.SparseRows;

/**
 * Rows in their order, which stay where they are.
 *
 * @param chunks shape (rows): where each row is
 * @param rowInChunk shape (rows): and which of the rows there
 */
record Arranged(SparseRows[] chunks, int[] rowInChunk) {
    Arranged(int rows) {
        this(new SparseRows[rows], new int[rows]);
    }

    void put(int row, SparseRows chunk, int inChunk) {
        chunks[row] = chunk;
        rowInChunk[row] = inChunk;
    }

    /** The rows from one to before another. */
    SparseRows rows(int first, int end) {
        SparseRows packed = chunks[first].another();
        for (int row = first; row < end; row++) {
            packed.add(chunks[row], rowInChunk[row]);
        }
        return packed;
    }
}
