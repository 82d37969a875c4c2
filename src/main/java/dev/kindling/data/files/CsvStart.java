package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/**
 * What the first lines of a CSV file say about it.
 *
 * @param offset where the first row starts, in decompressed bytes
 * @param line the number of its line: 1, or 2 after a header
 * @param features the pixels in it, 1 to {@value #MAX_FEATURES}
 */
record CsvStart(long offset, long line, int features) {
    private static final int MAX_FEATURES = 65_536;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    static CsvStart read(DataFile file, Configuration conf) {
        long offset = markBytes(file, conf);
        try (CsvLines lines = new CsvLines(file, conf, offset)) {
            long line = 1;
            boolean more = lines.next();
            if (more && isHeader(lines)) {
                offset = lines.nextOffset();
                line = 2;
                more = lines.next();
            }
            if (!more) {
                throw new KindlingException(file.name() + ": found no rows, expected at least 1");
            }
            int features = CsvRow.pixels(lines);
            if (features < 1 || features > MAX_FEATURES) {
                throw new KindlingException(file.name() + " line " + line + ": found " + features
                        + " pixels, expected a label and 1 to " + MAX_FEATURES + " pixels, separated by commas");
            }
            return new CsvStart(offset, line, features);
        }
    }

    /** The bytes that Windows programs put before UTF-8: 3 or 0. */
    private static int markBytes(DataFile file, Configuration conf) {
        byte[] found = new byte[BYTE_ORDER_MARK.length];
        try (DataStream in = DataStream.open(file, conf, 0)) {
            in.read(found, 0, found.length);
        }
        return Arrays.equals(found, BYTE_ORDER_MARK) ? found.length : 0;
    }

    /**
     * Whether the line's first field is a word, of letters and no digit, so that a damaged label does not make a
     * header.
     */
    private static boolean isHeader(CsvLines lines) {
        boolean letters = false;
        for (int at = lines.start(); at < lines.end() && lines.buffer()[at] != ','; at++) {
            byte c = lines.buffer()[at];
            if (c >= '0' && c <= '9') {
                return false;
            }
            letters |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }
        return letters;
    }
}
