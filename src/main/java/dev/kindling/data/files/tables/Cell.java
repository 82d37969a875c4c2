package dev.kindling.data.files.tables;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a cell of a CSV file holds, and what a column of such cells is. */
enum Cell {
    MISSING("STRING"),
    BOOLEAN("BOOLEAN"),
    /** A whole number of 64 bits. */
    WHOLE("BIGINT"),
    NUMBER("DOUBLE"),
    TEXT("STRING");

    private static final Set<String> MISSING_WORDS = Set.of("", "?", "NA", "null", "NULL", "NaN", "nan");
    /** Digits of a whole number that cannot overflow. */
    private static final int SAFE_DIGITS = 18;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[-+]?+\\d++");
    private static final Pattern FRACTION =
            Pattern.compile("[-+]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][-+]?+\\d++)?+|[-+]?+[iI]nf(?:inity)?+");

    /** What SQL calls the type of a column of these. A column whose cells are all missing is text. */
    final String type;

    Cell(String type) {
        this.type = type;
    }

    /**
     * What a cell holds.
     *
     * @param text null if it is empty
     * @param decimalComma whether numbers are written like 1,5, and never like 1.5
     */
    static Cell of(String text, boolean decimalComma) {
        String cell = text == null ? "" : text.strip();
        if (MISSING_WORDS.contains(cell)) {
            return MISSING;
        }
        char first = cell.charAt(0);
        if (first > '9' && first != 'i' && first != 'I') {
            return isBoolean(cell) ? BOOLEAN : TEXT;
        }
        if (WHOLE_NUMBER.matcher(cell).matches()) {
            return cell.length() <= SAFE_DIGITS || fits(cell) ? WHOLE : NUMBER;
        }
        return isFraction(cell, decimalComma) ? NUMBER : TEXT;
    }

    private static boolean isBoolean(String cell) {
        String lower = cell.length() > "false".length() ? "" : cell.toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("false");
    }

    private static boolean isFraction(String cell, boolean decimalComma) {
        boolean misplaced = cell.indexOf(decimalComma ? '.' : ',') >= 0;
        return !misplaced && FRACTION.matcher(cell.replace(',', '.')).matches();
    }

    private static boolean fits(String digits) {
        try {
            Long.parseLong(digits);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    boolean isNumber() {
        return this == WHOLE || this == NUMBER;
    }

    /** A column that holds both. */
    Cell and(Cell other) {
        if (this == other || other == MISSING) {
            return this;
        }
        if (this == MISSING) {
            return other;
        }
        return isNumber() && other.isNumber() ? NUMBER : TEXT;
    }

    /** The value of a cell in a column of this, null if it is missing. */
    Object value(String text, boolean decimalComma) {
        if (of(text, decimalComma) == MISSING) {
            return null;
        }
        String cell = text.strip();
        return switch (this) {
            case BOOLEAN -> Boolean.valueOf(cell);
            case WHOLE -> Long.valueOf(cell);
            case NUMBER -> number(cell);
            case TEXT, MISSING -> text;
        };
    }

    /** A number as {@link #of} knows it. */
    static double number(String cell) {
        String lower = cell.toLowerCase(Locale.ROOT);
        if (lower.contains("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(lower.replace(',', '.'));
    }
}
