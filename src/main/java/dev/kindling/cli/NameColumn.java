package dev.kindling.cli;

import java.util.stream.Stream;

/**
 * The first column of a table of text: names to the right, and an ellipsis in those that are very long.
 *
 * @param width in characters
 */
record NameColumn(int width) {
    private static final int MOST = 32;

    /** As wide as these names need. */
    static NameColumn of(Stream<String> names) {
        return new NameColumn(
                Math.min(MOST, names.mapToInt(String::length).max().orElse(0)));
    }

    /** A name in as many characters as the column is wide. */
    String of(String name) {
        int ends = (width - 3) / 2;
        String shown = name.length() <= width
                ? name
                : name.substring(0, width - 3 - ends) + "..." + name.substring(name.length() - ends);
        return " ".repeat(width - shown.length()) + shown;
    }
}
