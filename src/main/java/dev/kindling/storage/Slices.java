package dev.kindling.storage;

import java.util.stream.IntStream;

/** Long arrays in tables: a row has some of their values. Parquet has a whole row in memory, and in one page. */
final class Slices {
    /** The most values of an array in a row. */
    static final int MOST = 1 << 20;

    private Slices() {}

    /** Where the slices of an array start. */
    static IntStream starts(int length) {
        return IntStream.iterate(0, at -> at < length, at -> at + MOST);
    }
}
