package dev.kindling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How predicted numbers lie beside the actual ones, a square for each target: actual to the right, predicted upwards, and the darker a
 * cell the more rows. On the diagonal the predictions are right.
 *
 * <p>Colours go with the logarithm of the count: on a straight scale a few rows far from the diagonal would be white.
 *
 * @param title what is shown
 * @param subtitle what was evaluated, on what
 * @param panels 1 to {@value #MOST_PANELS}
 */
public record AgreementPicture(String title, String subtitle, List<Panel> panels) implements Picture {
    /** More would make a picture larger than a screen. */
    public static final int MOST_PANELS = 6;

    static final int SIDE = 260;
    private static final int COLUMNS = 2;
    private static final int MARGIN = 24;
    private static final int TOP = 76;
    /** Left of a square, for numbers. */
    private static final int LEFT = 86;
    /** Right of it, for the colour bar. */
    private static final int RIGHT = 90;
    /** Above it, for the heading. */
    private static final int HEAD = 34;
    /** Below it, for numbers. */
    private static final int FOOT = 52;

    private static final int BAR = 16;
    private static final int TICKS = 5;
    private static final int SIZE = 11;
    /** The colour of one row: seen, however many there are elsewhere. */
    private static final double LEAST = 0.4;

    /**
     * A target.
     *
     * @param name what is predicted
     * @param quality how good the predictions are
     * @param low where both axes begin
     * @param high where they end
     * @param counts shape (cells, cells): counts[actual][predicted]
     */
    public record Panel(String name, String quality, double low, double high, long[][] counts) {
        private long most() {
            return Math.max(
                    1, Arrays.stream(counts).flatMapToLong(Arrays::stream).max().orElse(1));
        }

        private double shade(long count) {
            if (count == 0 || most() == 1) {
                return count;
            }
            return LEAST + (1 - LEAST) * Math.log((double) count) / Math.log((double) most());
        }

        /** Row-major from the largest prediction down: how dark each cell is. */
        private float[] shades() {
            int cells = counts.length;
            float[] shades = new float[cells * cells];
            for (int k = 0; k < shades.length; k++) {
                shades[k] = (float) shade(counts[k % cells][cells - 1 - k / cells]);
            }
            return shades;
        }
    }

    /** Where the square of panel k begins. */
    int left(int k) {
        return MARGIN + k % COLUMNS * (LEFT + SIDE + RIGHT) + LEFT;
    }

    int top(int k) {
        return TOP + k / COLUMNS * (HEAD + SIDE + FOOT) + HEAD;
    }

    @Override
    public int width() {
        return Math.max(
                Pen.titleWidth(title, subtitle, MARGIN),
                left(Math.min(panels.size(), COLUMNS) - 1) + SIDE + RIGHT + MARGIN);
    }

    @Override
    public int height() {
        return top(panels.size() - 1) + SIDE + FOOT;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(title, subtitle, MARGIN, 28);
        for (int k = 0; k < panels.size(); k++) {
            draw(pen, panels.get(k), left(k), top(k));
        }
    }

    private static void draw(Pen pen, Panel panel, int x, int y) {
        pen.heading(Pen.shortened(panel.name(), Pen.HEADING, 0.9 * (SIDE + RIGHT)), panel.quality(), x, y - HEAD + 4);
        pen.image(panel.shades(), AgreementPicture::colour, x, y, SIDE);
        pen.line(Pen.MUTED, 0.7, x, y + SIDE, x + SIDE, y);
        double range = panel.high() / 2 - panel.low() / 2;
        Ticks ticks = Ticks.between(panel.low(), panel.high(), TICKS);
        for (double value : ticks.values()) {
            double at = SIDE * ((value / 2 - panel.low() / 2) / range);
            pen.line(Pen.LINE, 1, x + at, y + SIDE, x + at, y + SIDE + 4);
            pen.text(ticks.label(value), x + at, y + SIDE + 17, SIZE, Pen.INK, Pen.Anchor.CENTRE);
            pen.line(Pen.LINE, 1, x - 4, y + SIDE - at, x, y + SIDE - at);
            pen.text(ticks.label(value), x - 8, y + SIDE - at + 4, SIZE, Pen.INK, Pen.Anchor.RIGHT);
        }
        pen.text("actual", x + SIDE / 2.0, y + SIDE + 34, Pen.TEXT, Pen.INK, Pen.Anchor.CENTRE);
        pen.upwards("predicted", x - 70, y + SIDE / 2.0, Pen.TEXT, Pen.INK, Pen.Anchor.CENTRE);
        drawColourBar(pen, panel, x + SIDE + 14, y);
    }

    private static Color colour(double shade) {
        return ColourMap.COUNTS.at(shade);
    }

    private static void drawColourBar(Pen pen, Panel panel, int x, int y) {
        pen.text("rows", x, y - 9, SIZE, Pen.INK, Pen.Anchor.LEFT);
        pen.colourBar(ColourMap.COUNTS, x, y, BAR, SIDE);
        pen.colourBarMark("0", 0, x, y, BAR, SIDE);
        long most = panel.most();
        for (long mark = 1; mark <= most / 2; mark *= 10) {
            pen.colourBarMark(String.format(Locale.ROOT, "%,d", mark), panel.shade(mark), x, y, BAR, SIDE);
        }
        pen.colourBarMark(String.format(Locale.ROOT, "%,d", most), 1, x, y, BAR, SIDE);
    }
}
