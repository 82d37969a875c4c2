package dev.kindling.data.files.tables;

import java.util.ArrayList;
import java.util.List;

/**
 * The first records of a CSV text, split by one separator. It reads what Spark's reader reads, where that does not look: at a
 * text that is cut off, to see whether the separator is the right one.
 */
final class CsvRecords {
    private final String text;
    private final char separator;
    private int at;

    private CsvRecords(String text, char separator) {
        this.text = text;
        this.separator = separator;
    }

    /** @param text without the spaces around it; what is between quotes is in {@code text} without them */
    record Field(String text, boolean quoted) {}

    /**
     * Reads them.
     *
     * @param separator a space stands for any run of spaces and tabs
     * @param whole whether the text ends with the file: a record that is cut off does not count
     * @return without blank lines
     */
    static List<List<Field>> first(int most, String text, char separator, boolean whole) {
        CsvRecords records = new CsvRecords(text, separator);
        List<List<Field>> found = new ArrayList<>();
        while (found.size() < most && records.at < text.length()) {
            List<Field> record = records.next();
            if (records.at == text.length() && !whole) {
                return found;
            }
            if (record.size() > 1
                    || record.get(0).quoted()
                    || !record.get(0).text().isEmpty()) {
                found.add(record);
            }
        }
        return found;
    }

    /** The fields of one line. */
    static List<Field> split(String line, char separator) {
        return new CsvRecords(line, separator).next();
    }

    private List<Field> next() {
        List<Field> fields = new ArrayList<>();
        skipSpaces();
        do {
            fields.add(field());
        } while (separates());
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        return fields;
    }

    private Field field() {
        skipSpaces();
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        StringBuilder field = new StringBuilder();
        if (quoted) {
            quoted(field);
        }
        int start = at;
        while (at < text.length() && !endsField(text.charAt(at))) {
            at++;
        }
        field.append(text, start, at);
        return new Field(quoted ? field.toString() : field.toString().strip(), quoted);
    }

    /** Up to the quote that ends it. A quote inside is written twice, or behind a backslash, as Spark writes it. */
    private void quoted(StringBuilder field) {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            boolean quoteFollows = at < text.length() && text.charAt(at) == '"';
            if (c == '"' && !quoteFollows) {
                return;
            }
            boolean escapes = c == '\\' && quoteFollows && at + 1 < text.length() && !endsField(text.charAt(at + 1));
            if (c == '"' || escapes) {
                c = text.charAt(at++);
            }
            field.append(c);
        }
    }

    private boolean endsField(char c) {
        return c == separator || c == '\n' || c == '\r' || (separator == ' ' && c == '\t');
    }

    /** Goes to the next field, if there is one in this record. */
    private boolean separates() {
        if (separator == ' ') {
            skipSpaces();
            return at < text.length() && !endsField(text.charAt(at));
        }
        if (at < text.length() && text.charAt(at) == separator) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpaces() {
        while (at < text.length()
                && (text.charAt(at) == ' ' || text.charAt(at) == '\t')
                && (separator == ' ' || text.charAt(at) != separator)) {
            at++;
        }
    }
}
