package dev.kindling.plot;

import java.awt.Graphics2D;
import java.util.List;

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
            forward.get(k).draw(pen, left(k + 1), top(0), COLUMN);
            drawArrow(pen, left(k) + COLUMN + 6, left(k + 1) - 8, top(0) - 4);
            if (backward.get(k) != null) {
                backward.get(k).draw(pen, left(k + 1), top(1), COLUMN);
            }
        }
        drawArrow(pen, left(forward.size()) + COLUMN, left(0) + COLUMN + 6, top(1) - 24);
        drawGradientImage(pen);
        drawLines(pen);
        shards.draw(pen, left(Math.max(forward.size() - 1, SHARDS)), top(2), COLUMN);
    }

    private void drawInput(Pen pen) {
        pen.heading("input x", Pen.side(image.length) + " x " + Pen.side(image.length) + " pixels", left(0), top(0));
        pen.image(image, pixel -> ColourMap.INK.at(pixel), left(0), top(0) + HEAD, IMAGE);
    }

    private void drawGradientImage(Pen pen) {
        float largest = 0;
        for (float gradient : gradientImage) {
            largest = Math.max(largest, Math.abs(gradient));
        }
        double scale = largest == 0 ? 1 : largest;
        int top = top(1) + HEAD;
        pen.heading(gradientTitle, "x times delta: blue -, red +", left(0), top(1));
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

    private static void drawArrow(Pen pen, int from, int to, int y) {
        int tip = to > from ? -5 : 5;
        pen.line(Pen.MUTED, 1.5, from, y, to, y);
        pen.line(Pen.MUTED, 1.5, to, y, to + tip, y - 4);
        pen.line(Pen.MUTED, 1.5, to, y, to + tip, y + 4);
    }
}
