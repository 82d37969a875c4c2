package dev.kindling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A confusion matrix: the actual class down, the predicted one across, the counts in the cells.
 *
 * <p>Colours go with log(1 + count): on a straight scale the right ones would leave the wrong ones white.
 *
 * @param title what was evaluated, on what
 * @param names of the classes; those that are long are shortened, and read upwards above their columns
 * @param counts shape (classes, classes): counts[actual][predicted]
 */
public record ConfusionPicture(String title, List<String> names, long[][] counts) implements Picture {
    /** With more classes than this the cells would be too small to read. */
    public static final int MOST_CLASSES = 50;

    /** With more classes than this a count of 0 is an empty cell. */
    private static final int FEW_CLASSES = 20;

    private static final Color GRID = new Color(0xdcdcdc);
    private static final String TITLE = "Confusion matrix";
    private static final int MARGIN = 20;
    private static final int BAR = 16;
    /** The most room for names. */
    private static final int NAMES = 150;

    int cell() {
        return Math.max(24, Math.min(46, 900 / counts.length));
    }

    private int widestName() {
        int widest =
                names.stream().mapToInt(name -> Pen.width(name, Pen.TEXT)).max().orElse(0);
        return Math.min(NAMES, widest);
    }

    /** Whether a name is wider than its column. */
    private boolean areUpwards() {
        return widestName() > cell() - 4;
    }

    /** Where the cells begin. */
    int left() {
        return Math.max(70, 50 + widestName());
    }

    int top() {
        return 98 + nameHeight();
    }

    private int nameHeight() {
        return areUpwards() ? widestName() : 12;
    }

    private int side() {
        return counts.length * cell();
    }

    @Override
    public int width() {
        int wide = Math.max(560, Pen.titleWidth(TITLE, title, MARGIN));
        return Math.max(wide, left() + side() + 110);
    }

    @Override
    public int height() {
        return top() + Math.max(side(), 120) + 24;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(TITLE, title, MARGIN, 28);
        pen.text("predicted class", left() + side() / 2.0, top() - nameHeight() - 18, 13, Pen.INK, Pen.Anchor.CENTRE);
        pen.upwards("actual class", 26, top() + side() / 2.0, 13, Pen.INK, Pen.Anchor.CENTRE);
        for (int c = 0; c < counts.length; c++) {
            double middle = (c + 0.5) * cell();
            String name = Pen.shortened(names.get(c), Pen.TEXT, NAMES);
            if (areUpwards()) {
                pen.upwards(name, left() + middle + 4, top() - 9, Pen.TEXT, Pen.INK, Pen.Anchor.LEFT);
            } else {
                pen.text(name, left() + middle, top() - 9, Pen.TEXT, Pen.INK, Pen.Anchor.CENTRE);
            }
            pen.text(name, left() - 9, top() + middle + 4, Pen.TEXT, Pen.INK, Pen.Anchor.RIGHT);
        }
        drawCells(pen);
        drawCounts(pen);
        drawColourBar(pen);
    }

    private void drawCells(Pen pen) {
        int cell = cell();
        for (int actual = 0; actual < counts.length; actual++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                if (counts[actual][predicted] > 0) {
                    pen.fill(colour(actual, predicted), left() + predicted * cell, top() + actual * cell, cell, cell);
                }
            }
        }
        for (int c = 0; c <= counts.length; c++) {
            int at = c * cell;
            pen.line(GRID, 0.5, left(), top() + at, left() + side(), top() + at);
            pen.line(GRID, 0.5, left() + at, top(), left() + at, top() + side());
        }
    }

    private void drawCounts(Pen pen) {
        int cell = cell();
        int size = Math.min(13, cell / 2);
        while (size > 4 && Pen.width(String.valueOf(most()), size) > cell - 4) {
            size--;
        }
        for (int actual = 0; actual < counts.length; actual++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                long count = counts[actual][predicted];
                if (count > 0 || counts.length <= FEW_CLASSES) {
                    Color ink = count == 0 ? Pen.LINE : ColourMap.readableOn(colour(actual, predicted));
                    double x = left() + (predicted + 0.5) * cell;
                    double y = top() + (actual + 0.5) * cell + size * 0.36;
                    pen.text(String.valueOf(count), x, y, size, ink, Pen.Anchor.CENTRE);
                }
            }
        }
    }

    private Color colour(int actual, int predicted) {
        return ColourMap.COUNTS.at(shade(counts[actual][predicted]));
    }

    private void drawColourBar(Pen pen) {
        int x = left() + side() + 28;
        int height = Math.min(360, Math.max(side(), 120));
        pen.text("rows", x, top() - 9, Pen.TEXT, Pen.INK, Pen.Anchor.LEFT);
        pen.colourBar(ColourMap.COUNTS, x, top(), BAR, height);
        pen.colourBarMark("0", 0, x, top(), BAR, height);
        long most = most();
        for (long mark = 1; mark <= most / 2; mark *= 10) {
            pen.colourBarMark(String.format(Locale.ROOT, "%,d", mark), shade(mark), x, top(), BAR, height);
        }
        pen.colourBarMark(String.format(Locale.ROOT, "%,d", most), 1, x, top(), BAR, height);
    }

    private long most() {
        return Math.max(
                1, Arrays.stream(counts).flatMapToLong(Arrays::stream).max().orElse(1));
    }

    private double shade(long count) {
        return Math.log1p((double) count) / Math.log1p((double) most());
    }
}
