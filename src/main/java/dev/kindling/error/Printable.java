package dev.kindling.error;

import java.util.regex.Pattern;

/** Text from outside, such as the name of a column, made fit for a line on a terminal, in a log or in a picture. */
public final class Printable {
    /** What breaks a line, controls a terminal, has no shape, or may not be in an SVG. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private Printable() {}

    /** The text with {@code ?} for each character that is unfit. */
    public static String of(String text) {
        return UNFIT.matcher(text).replaceAll("?");
    }
}
