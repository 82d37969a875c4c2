package dev.kindling.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.apache.parquet.format.Encoding;

/**
 * Checks the sizes that stand in the data of a Parquet page of the DELTA family. A value of DELTA_BYTE_ARRAY begins as the
 * value before it does, so a few bytes can stand for very many.
 */
final class DeltaCheck {
    static final Set<Encoding> ENCODINGS =
            EnumSet.of(Encoding.DELTA_BINARY_PACKED, Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.DELTA_BYTE_ARRAY);

    /** Spark makes room for the lengths of all values of a page at once. A page of Spark has up to 20,000 rows of values. */
    private static final int MAX_VALUES = 1 << 24;

    private DeltaCheck() {}

    /**
     * Checks the values of a page.
     *
     * @param data from the first byte of the values on
     * @param values how many the page's header says there are, missing ones counted
     * @param maxBytes how long the values may be together, if they are bytes
     * @return how much longer than the data they are, if they are bytes
     * @throws IOException saying which size is out of range
     */
    static long check(Encoding encoding, ByteBuffer data, int values, int maxBytes) throws IOException {
        try {
            int most = Math.min(values, MAX_VALUES);
            return switch (encoding) {
                case DELTA_BINARY_PACKED -> {
                    new DeltaNumbers(data, most); // it checks
                    yield 0;
                }
                case DELTA_LENGTH_BYTE_ARRAY -> {
                    suffixes(data, new DeltaNumbers(data, most), null, maxBytes);
                    yield 0; // what the data have is all that there is
                }
                case DELTA_BYTE_ARRAY -> {
                    DeltaNumbers prefixes = new DeltaNumbers(data.duplicate(), most);
                    DeltaNumbers skipped = new DeltaNumbers(data, most);
                    for (int k = 0; k < skipped.count(); k++) {
                        skipped.next();
                    }
                    yield suffixes(data, new DeltaNumbers(data, most), prefixes, maxBytes);
                }
                default -> throw new IllegalArgumentException(encoding + " is none of " + ENCODINGS);
            };
        } catch (RuntimeException e) { // past the end of the data
            throw new IOException("DELTA values that end too early", e);
        }
    }

    /**
     * Checks bytes whose lengths come first.
     *
     * @param prefixes how many bytes each value has of the one before it; null for none
     * @return how much longer the values are than the data
     */
    private static long suffixes(ByteBuffer data, DeltaNumbers suffixes, DeltaNumbers prefixes, int maxBytes)
            throws IOException {
        if (prefixes != null && prefixes.count() != suffixes.count()) {
            throw new IOException("DELTA prefixes: found " + prefixes.count() + ", expected " + suffixes.count());
        }
        long given = 0; // in the data
        long all = 0;
        int before = 0;
        for (int k = 0; k < suffixes.count(); k++) {
            int prefix = prefixes == null ? 0 : (int) prefixes.next();
            int suffix = (int) suffixes.next();
            if (prefix < 0 || prefix > before || suffix < 0) {
                throw new IOException("bytes of a DELTA value: found " + prefix + " of the " + before + " before, and "
                        + suffix + " more");
            }
            given += suffix;
            all += prefix + (long) suffix;
            if (all > maxBytes) {
                throw new IOException("bytes of DELTA values: found over " + maxBytes + " in a page");
            }
            before = prefix + suffix;
        }
        if (given > data.remaining()) {
            throw new IOException("bytes of DELTA values: found " + given + ", expected at most " + data.remaining());
        }
        return all - given;
    }
}
