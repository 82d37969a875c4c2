package dev.kindling.data.files;

import dev.kindling.error.KindlingException;

/** Reads rows one after the other. Whatever is wrong with a row or its file is a {@link KindlingException}. */
interface RowReader extends AutoCloseable {
    /**
     * Reads the next row.
     *
     * @param features filled with the row's features
     * @return the row's label, checked
     */
    int next(float[] features);

    @Override
    void close();

    /** A label out of range, found at {@code where}: the file, and the row in it. */
    static KindlingException badLabel(String where, long label, int classes) {
        return new KindlingException(
                where + ": found label " + label + ", expected 0 to " + (classes - 1) + ": number the classes from 0");
    }
}
