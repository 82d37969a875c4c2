package dev.kindling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The weights of units as images, one unit an image: blue below zero, red above, white at zero, on one scale for all.
 *
 * @param title whose weights
 * @param subtitle what else there is to say
 * @param units 1 to {@value #MOST_UNITS}, with as many weights each
 */
public record WeightsPicture(String title, String subtitle, List<Unit> units) implements Picture {
    /** More could not be told apart, and would make a file of more than 300 KB. */
    public static final int MOST_UNITS = 64;

    private static final int TOP = 70;
    private static final int MARGIN = 20;
    private static final int BAR = 16;

    /**
     * A unit.
     *
     * @param weights one for each input: of pixels of shape (side, side), row-major
     * @param label what it is called
     * @param dead whether it is zero on every row: framed and crossed out
     */
    public record Unit(float[] weights, String label, boolean dead) {}

    int image() {
        return units.size() <= 20 ? 140 : 84;
    }

    private int columnWidth() {
        return image() + 16;
    }

    private int columns() {
        return Math.min(units.size(), units.size() <= 20 ? 5 : 8);
    }

    private int rows() {
        return (units.size() + columns() - 1) / columns();
    }

    /** Where the image of unit k starts. */
    int left(int k) {
        return MARGIN + k % columns() * columnWidth();
    }

    int top(int k) {
        return TOP + k / columns() * (columnWidth() + 16);
    }

    @Override
    public int width() {
        return Math.max(620, MARGIN + columns() * columnWidth() + 110);
    }

    @Override
    public int height() {
        return TOP + Math.max(1, rows()) * (columnWidth() + 16) + 10;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(title, subtitle, MARGIN, 28);
        float largest = largest();
        DoubleFunction<Color> colour = weight -> ColourMap.DIVERGING.at(0.5 + 0.5 * weight / largest);
        int size = image();
        for (int k = 0; k < units.size(); k++) {
            Unit unit = units.get(k);
            int x = left(k);
            int y = top(k);
            pen.image(unit.weights(), colour, x, y, size);
            if (unit.dead()) {
                pen.crossOut(x, y, size, size);
            }
            pen.text(unit.label(), x + size / 2.0, y + size + 16, 11, Pen.INK, Pen.Anchor.CENTRE);
        }
        drawColourBar(pen, largest);
    }

    private void drawColourBar(Pen pen, float largest) {
        int x = MARGIN + columns() * columnWidth() + 14;
        int height = Math.min(300, rows() * (columnWidth() + 16) - 32);
        pen.text("weight", x, TOP - 8, Pen.TEXT, Pen.INK, Pen.Anchor.LEFT);
        pen.colourBar(ColourMap.DIVERGING, x, TOP, BAR, height);
        for (double mark : new double[] {-1, -0.5, 0, 0.5, 1}) {
            String label = mark == 0 ? "0" : String.format(Locale.ROOT, "%+.2g", mark * largest);
            pen.colourBarMark(label, 0.5 + 0.5 * mark, x, TOP, BAR, height);
        }
    }

    /** The largest size of a weight, the end of the scale on both sides; 1 if all are zero. */
    private float largest() {
        float largest = 0;
        for (Unit unit : units) {
            for (float weight : unit.weights()) {
                largest = Math.max(largest, Math.abs(weight));
            }
        }
        return largest == 0 ? 1 : largest;
    }
}
