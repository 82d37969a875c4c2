package dev.kindling.data.files;

import static dev.kindling.error.KindlingException.setting;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kindling.error.KindlingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * What the first lines of a CSV file say about it.
 *
 * @param offset where the first row starts, in decompressed bytes
 * @param line the number of its line: 1, or 2 after a header
 * @param features the pixels in it, 1 to {@value #MAX_FEATURES}
 * @param labelColumn where the label is, from 0: where the header says, or first
 * @param names of the columns; none without a header
 */
record CsvStart(long offset, long line, int features, int labelColumn, List<String> names) {
    static final int MAX_FEATURES = 65_536;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    static KindlingException withoutRows(String name) {
        return new KindlingException(name + ": found no rows, expected at least 1");
    }

    /**
     * Reads them.
     *
     * @param label what the header calls the label, if it is known
     * @return nothing if there are no rows
     * @throws KindlingException if they are no rows that can be read
     */
    static Optional<CsvStart> find(DataFile file, Configuration conf, Optional<String> label) {
        long offset = markBytes(file, conf);
        try (CsvLines lines = new CsvLines(file, conf, offset)) {
            boolean more = lines.next();
            if (more && CsvHeader.isHeader(lines)) {
                CsvHeader header = CsvHeader.read(lines, file.name() + " line 1");
                offset = lines.nextOffset();
                int labelColumn = header.labelColumn(label);
                if (!lines.next()) {
                    return Optional.empty();
                }
                int columns = CsvRow.columns(lines);
                if (columns != header.names().size()) {
                    throw new KindlingException(file.name() + " line 2: found " + columns + " columns, expected "
                            + header.names().size() + ", as many as line 1 names");
                }
                return Optional.of(new CsvStart(offset, 2, columns - 1, labelColumn, header.names()));
            }
            if (!more) {
                return Optional.empty();
            }
            label.ifPresent(name -> {
                throw new KindlingException(setting("label") + ": found " + name + ", expected none: line 1 of "
                        + file.name() + " is a row of numbers and names no columns, so the first is the label");
            });
            int columns = CsvRow.columns(lines);
            checkColumns(columns, lines, file.name() + " line 1");
            return Optional.of(new CsvStart(offset, 1, columns - 1, 0, List.of()));
        }
    }

    /** Refuses a file of a folder that has not the columns of the first one. */
    void requireColumnsOf(CsvStart first, String name, String nameOfFirst) {
        if (features != first.features) {
            throw new KindlingException(name + ": found " + (features + 1) + " columns, expected "
                    + (first.features + 1) + ", as in " + nameOfFirst);
        }
        if (!names.equals(first.names)) {
            throw new KindlingException(name + ": found " + (names.isEmpty() ? "no" : "another")
                    + " header, expected the first line of " + nameOfFirst);
        }
    }

    /** Refuses a line that has no room for a label and pixels, or too many. */
    static void checkColumns(int columns, CsvLines lines, String where) {
        if (columns < 2 || columns > MAX_FEATURES + 1) {
            String line = new String(lines.buffer(), lines.start(), lines.end() - lines.start(), ISO_8859_1);
            String other =
                    Stream.of(";", "\t", "|").filter(line::contains).findFirst().orElse("");
            throw new KindlingException(where + ": found "
                    + (columns > MAX_FEATURES + 1 ? "more than " + (MAX_FEATURES + 1) : columns) + " column"
                    + (columns == 1 ? "" : "s")
                    + (columns > 1 || other.isEmpty() ? "" : ", with '" + other.replace("\t", "\\t") + "' in it")
                    + ", expected a label and 1 to " + MAX_FEATURES + " pixels, separated by commas");
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
}
