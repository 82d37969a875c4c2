package dev.kindling.plot;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Numbers as bars to the left and right of zero, one below the other, each between its name and its value.
 *
 * @param title what they are
 * @param formula how they come about; empty for no line about it
 * @param labels one for each bar
 * @param values as many
 * @param highlighted the bar that stands out, or -1
 */
public record Bars(String title, String formula, List<String> labels, double[] values, int highlighted) {
    static final int BAR = 19;
    /** How high a title with a formula is. */
    static final int HEAD = 40;

    private static final int SIZE = 11;
    /** The room for values. */
    private static final int NUMBERS = 50;
    /** The share of the width that names may take; longer ones are shortened. */
    private static final double NAMES = 0.45;

    /** How high the title is, with the formula. */
    int head() {
        return formula.isEmpty() ? 12 : HEAD;
    }

    int height() {
        return head() + values.length * BAR;
    }

    /** Draws them on a scale of their own. */
    void draw(Pen pen, int x, int y, int width) {
        double low = Math.min(0, Arrays.stream(values).min().orElse(0));
        double high = Math.max(0, Arrays.stream(values).max().orElse(0));
        draw(pen, x, y, width, low, high, k -> k == highlighted ? Pen.LINES[1] : Pen.LINES[0]);
    }

    /**
     * Draws them.
     *
     * @param low the left end of the scale, 0 or less
     * @param high the right end, 0 or more
     * @param colours of each bar
     */
    void draw(Pen pen, int x, int y, int width, double low, double high, IntFunction<Color> colours) {
        pen.heading(Pen.shortened(title, Pen.HEADING, 0.9 * width), formula, x, y); // bold is wider
        int longest =
                labels.stream().mapToInt(label -> Pen.width(label, SIZE)).max().orElse(0);
        int names = (int) Math.min(longest, NAMES * width) + 8;
        double unit = (width - names - NUMBERS) / (high > low ? high - low : 1);
        double zero = x + names - low * unit;
        for (int k = 0; k < values.length; k++) {
            int top = y + head() + k * BAR;
            Color colour = colours.apply(k);
            Color ink = k == highlighted ? colour : Pen.INK;
            String name = Pen.shortened(labels.get(k), SIZE, names - 8);
            pen.text(name, x + names - 8, top + 13, SIZE, ink, Pen.Anchor.RIGHT);
            double length = Math.abs(values[k]) * unit;
            pen.fill(colour, values[k] < 0 ? zero - length : zero, top + 3, length, BAR - 7);
            pen.text(number(values[k]), x + width, top + 13, SIZE, ink, Pen.Anchor.RIGHT);
        }
        pen.line(Pen.LINE, 1, zero, y + head(), zero, y + height());
    }

    /** Short, but small numbers keep a digit that is not zero. */
    static String number(double value) {
        double size = Math.abs(value);
        String pattern =
                size == 0 ? "%.0f" : size < 0.001 ? "%.0e" : size < 100 ? "%.3f" : size < 1e6 ? "%,.0f" : "%.1e";
        return String.format(Locale.ROOT, pattern, value);
    }
}
