package dev.kindling.data.tables;

/** What to do with a row in which something is null, NaN or infinite. */
public enum Missing {
    /** An error, which names the column and shows the row. */
    ERROR,
    /** The row is left out. */
    SKIP,
    /** The row is kept, and null is predicted for it. Nothing can be trained on it. */
    KEEP
}
