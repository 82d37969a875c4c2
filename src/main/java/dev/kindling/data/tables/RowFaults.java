package dev.kindling.data.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import java.io.Serializable;

/** What is wrong with rows: how many are left out, how many are wrong, and how. It is the same for any order of the rows. */
final class RowFaults implements Serializable {
    private static final long serialVersionUID = 1L;

    private long skipped;
    private long count;
    private String first;

    /** Counts a row that is left out. */
    void skip() {
        skipped++;
    }

    /** Counts a row that is wrong. */
    void add(String what) {
        add(what, 1);
    }

    /** Counts those of other rows. */
    void add(RowFaults other) {
        skipped += other.skipped;
        if (other.count > 0) {
            add(other.first, other.count);
        }
    }

    private void add(String what, long rows) {
        count += rows;
        first = first == null || what.compareTo(first) < 0 ? what : first;
    }

    /**
     * Refuses rows of which one is wrong.
     *
     * @param source where they come from, for the message
     */
    void requireNone(String source) {
        if (count > 0) {
            String more = count > 1 ? " (" + count + " rows are wrong)" : "";
            throw new KindlingException(source + ": " + first + more + "; " + setting("missing")
                    + " skip leaves rows out in which something is missing");
        }
    }

    /** How many rows are left out, because something is missing. */
    long skipped() {
        return skipped;
    }

    /** How many rows are wrong. */
    long count() {
        return count;
    }

    /** What is wrong with one of them, the first in the order of the messages; null if none is. */
    String first() {
        return first;
    }
}
