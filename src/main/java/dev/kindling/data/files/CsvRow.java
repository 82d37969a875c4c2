package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.nio.charset.StandardCharsets;

/**
 * Parses lines of pixels 0 to 255 and a label, separated by commas and, if you like, spaces. It works on the line's
 * bytes: a String for every field would cost far more than the parsing.
 */
final class CsvRow {
    private static final int MAX_PIXEL = 255;
    /** Where numbers stop growing, so that none overflows. */
    private static final int SATURATION = 99_999_999;

    private static final int SHOWN_CHARACTERS = 20;

    private final DataFile file;
    private final int labelColumn;
    private final int classes;
    private long number; // of the line
    private byte[] line;
    private int at; // of the next field's first byte; past the end when there is no next field
    private int end; // of the line

    /** @param labelColumn where the label is, from 0; the other columns are pixels */
    CsvRow(DataFile file, int labelColumn, int classes) {
        this.file = file;
        this.labelColumn = labelColumn;
        this.classes = classes;
    }

    /**
     * Parses the line that {@code lines} stands at.
     *
     * @param number the line's number, from 1, for messages
     * @param features filled with the pixels / 255; its length is the number of pixels that a line must have
     * @return the label
     */
    int parse(CsvLines lines, long number, float[] features) {
        this.number = number;
        line = lines.buffer();
        at = lines.start();
        end = lines.end();
        if (lines.isBlank()) {
            throw wrong("nothing", "a row: blank lines may only stand at the end of the file");
        }
        pixels(lines, features, 0, labelColumn);
        require(at <= end, lines, features.length);
        int label = field("label", classes - 1);
        pixels(lines, features, labelColumn, features.length);
        require(at > end, lines, features.length);
        return label;
    }

    private void pixels(CsvLines lines, float[] features, int from, int to) {
        for (int k = from; k < to; k++) {
            require(at <= end, lines, features.length);
            features[k] = field("pixel", MAX_PIXEL) / 255f;
        }
    }

    /** The whole number in the next field. */
    private int field(String what, int max) {
        int start = at;
        skipSpaces();
        int firstDigit = at;
        int value = 0;
        while (at < end && line[at] >= '0' && line[at] <= '9') {
            value = Math.min(SATURATION, 10 * value + line[at++] - '0');
        }
        boolean empty = at == firstDigit;
        skipSpaces();
        if (empty || value > max || (at < end && line[at] != ',')) {
            String found = text(start);
            throw wrong(what + " '" + found + "'", "a whole number 0 to " + max + hint(what, found));
        }
        at++;
        return value;
    }

    private static String hint(String what, String found) {
        if (found.contains("\"")) {
            return " without quotes";
        }
        return what.equals("label")
                ? ": number the classes from 0"
                : "; other numbers are read from Parquet only, as floats or doubles";
    }

    private void skipSpaces() {
        while (at < end && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
    }

    /** The field from {@code start}, fit to be shown on a terminal. */
    private String text(int start) {
        int comma = start;
        while (comma < end && line[comma] != ',' && comma - start < SHOWN_CHARACTERS) {
            comma++;
        }
        return new String(line, start, comma - start, StandardCharsets.US_ASCII)
                .strip()
                .replaceAll("[^ -~]", "?");
    }

    private void require(boolean holds, CsvLines lines, int pixels) {
        if (!holds) {
            throw wrong(columns(lines) - 1 + " pixels", String.valueOf(pixels));
        }
    }

    private KindlingException wrong(String found, String expected) {
        return new KindlingException(file.name() + " line " + number + ": found " + found + ", expected " + expected);
    }

    /** The number of fields. */
    static int columns(CsvLines lines) {
        int columns = 1;
        for (int k = lines.start(); k < lines.end(); k++) {
            columns += lines.buffer()[k] == ',' ? 1 : 0;
        }
        return columns;
    }
}
