package dev.kindling.data;

import dev.kindling.network.SparseRows;

/** The rows that one task reads, one after the other, ready to be packed. */
public interface PackableRows {
    /**
     * Goes to the next row, the first one at first.
     *
     * @return false after the last
     */
    boolean next();

    /** What decides where the row goes: its position, or a hash of what is in it ({@link Placement}). */
    long key();

    /** Whether the row itself says that it is held out for validation. */
    boolean isHeldOut();

    /** Adds the row to those that are packed already. */
    void addTo(SparseRows packed);
}
