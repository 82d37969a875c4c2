package dev.kindling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One example's way through a network: the forward pass from left to right, below it the backward pass from right to
 * left, and at the bottom what becomes of one weight.
 *
 * @param title what is followed
 * @param subtitle what comes out
 * @param image shape (side, side): the inputs; of any other shape, it is not drawn
 * @param gradientImage shape (side, side): the gradient of the weights from the inputs to the one unit
 * @param gradientTitle which unit that is
 * @param marked the pixel of the one weight
 * @param forward at least one, each right of the one before
 * @param backward as many, below; null where there is nothing to show
 * @param weight a few lines about the one weight
 * @param shards the sum of each shard
 */
public record ExplanationPicture(
        String title,
        String subtitle,
        float[] image,
        float[] gradientImage,
        String gradientTitle,
        int marked,
        List<Bars> forward,
        List<Bars> backward,
        List<String> weight,
        Bars shards)
        implements Picture {
    /** More bars than this would not fit. */
    public static final int MOST_BARS = 16;

    static final int MARGIN = 24;
    static final int TOP = 76;
    static final int COLUMN = 200;
    private static final int GAP = 30;
    private static final int HEAD = 40;
    private static final int BAR = 19;
    private static final int IMAGE = 190;
    /** The first column in which the shards do not lie over the lines about the weight. */
    private static final int SHARDS = 3;

    /**
     * Numbers as bars to the left and right of zero.
     *
     * @param title what they are
     * @param formula how they come about
     * @param labels one for each bar
     * @param values as many
     * @param highlighted the bar that stands out, or -1
     */
    public record Bars(String title, String formula, List<String> labels, double[] values, int highlighted) {}

    private int left(int column) {
        return MARGIN + column * (COLUMN + GAP);
    }

    private int bandHeight() {
        int bars = forward.stream().mapToInt(each -> each.values().length).max().orElse(0);
        return HEAD + Math.max(IMAGE, bars * BAR) + 34;
    }

    private int top(int band) {
        return TOP + band * bandHeight();
    }

    @Override
    public int width() {
        return left(Math.max(forward.size(), SHARDS) + 1) - GAP + MARGIN;
    }

    @Override
    public int height() {
        return top(2) + HEAD + Math.max(weight.size() * 18, shards.values().length * BAR) + 30;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(title, subtitle, MARGIN, 30);
        drawInput(pen);
        for (int k = 0; k < forward.size(); k++) {
            drawBars(pen, forward.get(k), left(k + 1), top(0));
            drawArrow(pen, left(k) + COLUMN + 6, left(k + 1) - 8, top(0) - 4);
            if (backward.get(k) != null) {
                drawBars(pen, backward.get(k), left(k + 1), top(1));
            }
        }
        drawArrow(pen, left(forward.size()) + COLUMN, left(0) + COLUMN + 6, top(1) - 24);
        drawGradientImage(pen);
        drawLines(pen);
        drawBars(pen, shards, left(Math.max(forward.size() - 1, SHARDS)), top(2));
    }

    private void drawInput(Pen pen) {
        heading(pen, "input x", Pen.side(image.length) + " x " + Pen.side(image.length) + " pixels", left(0), top(0));
        pen.image(image, pixel -> ColourMap.INK.at(pixel), left(0), top(0) + HEAD, IMAGE);
    }

    private void drawGradientImage(Pen pen) {
        float largest = 0;
        for (float gradient : gradientImage) {
            largest = Math.max(largest, Math.abs(gradient));
        }
        double scale = largest == 0 ? 1 : largest;
        int top = top(1) + HEAD;
        heading(pen, gradientTitle, "x times delta: blue -, red +", left(0), top(1));
        pen.image(gradientImage, gradient -> ColourMap.DIVERGING.at(0.5 + 0.5 * gradient / scale), left(0), top, IMAGE);
        int side = Pen.side(gradientImage.length);
        double pixel = IMAGE / (double) side;
        int row = marked / side;
        double x = left(0) + marked % side * pixel;
        double y = top + row * pixel;
        pen.frame(Pen.INK, 2, x - 1, y - 1, pixel + 2, pixel + 2);
    }

    private void drawLines(Pen pen) {
        pen.bold(weight.get(0), left(0), top(2) + 2, 13, Pen.INK);
        for (int k = 1; k < weight.size(); k++) {
            pen.text(weight.get(k), left(0), top(2) + 6 + 18 * k, Pen.TEXT, Pen.INK, Pen.Anchor.LEFT);
        }
    }

    private static void heading(Pen pen, String title, String formula, int x, int y) {
        pen.bold(title, x, y + 2, 13, Pen.INK);
        pen.text(formula, x, y + 20, 11, Pen.MUTED, Pen.Anchor.LEFT);
    }

    private void drawBars(Pen pen, Bars bars, int x, int y) {
        heading(pen, bars.title(), bars.formula(), x, y);
        double[] values = bars.values();
        double low = Math.min(0, Arrays.stream(values).min().orElse(0));
        double high = Math.max(0, Arrays.stream(values).max().orElse(0));
        double range = high > low ? high - low : 1;
        int labels = bars.labels().stream()
                        .mapToInt(label -> pen.width(label, 11))
                        .max()
                        .orElse(0)
                + 8;
        int numbers = 56;
        double unit = (COLUMN - labels - numbers) / range;
        double zero = x + labels - low * unit;
        for (int k = 0; k < values.length; k++) {
            int top = y + HEAD + k * BAR;
            boolean bold = k == bars.highlighted();
            Color colour = bold ? Pen.LINES[1] : Pen.LINES[0];
            pen.text(bars.labels().get(k), x + labels - 8, top + 13, 11, bold ? colour : Pen.INK, Pen.Anchor.RIGHT);
            double length = Math.abs(values[k]) * unit;
            pen.fill(colour, values[k] < 0 ? zero - length : zero, top + 3, length, BAR - 7);
            pen.text(number(values[k]), x + COLUMN, top + 13, 11, bold ? colour : Pen.INK, Pen.Anchor.RIGHT);
        }
        pen.line(Pen.LINE, 1, zero, y + HEAD, zero, y + HEAD + values.length * BAR);
    }

    /** Short, but small numbers keep a digit that is not zero. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size == 0 ? "%.0f" : size < 0.001 ? "%.0e" : size < 100 ? "%.3f" : "%,.0f", value);
    }

    private static void drawArrow(Pen pen, int from, int to, int y) {
        int tip = to > from ? -5 : 5;
        pen.line(Pen.MUTED, 1.5, from, y, to, y);
        pen.line(Pen.MUTED, 1.5, to, y, to + tip, y - 4);
        pen.line(Pen.MUTED, 1.5, to, y, to + tip, y + 4);
    }
}
