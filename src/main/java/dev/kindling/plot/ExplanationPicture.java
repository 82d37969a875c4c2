package dev.kindling.plot;

import java.awt.Graphics2D;
import java.util.List;

/**
 * One example's way through a network: the forward pass from left to right, below it the backward pass from right to
 * left, and at the bottom what becomes of one weight.
 *
 * @param title what is followed; shortened where it is too long
 * @param outcome what came out, behind it
 * @param subtitle what else there is to say
 * @param inputs what goes in
 * @param forward at least one, each right of the one before
 * @param backward as many, below; null where there is nothing to show
 * @param weight a few lines about the one weight
 * @param shards the sum of each shard
 */
public record ExplanationPicture(
        String title,
        String outcome,
        String subtitle,
        ExplainedInputs inputs,
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
    /** The first column in which the shards do not lie over the lines about the weight. */
    private static final int SHARDS = 3;

    private int left(int column) {
        return MARGIN + (column == 0 ? 0 : inputs.width() + GAP + (column - 1) * (COLUMN + GAP));
    }

    private int bandHeight() {
        int bars = forward.stream().mapToInt(each -> each.values().length).max().orElse(0);
        return Bars.HEAD + Math.max(inputs.height(), bars * Bars.BAR) + 34;
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
        return top(2) + Bars.HEAD + Math.max(weight.size() * 18, shards.values().length * Bars.BAR) + 30;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        double room = 0.87 * (width() - 2 * MARGIN) - Pen.width(outcome, Pen.TITLE); // bold is wider
        pen.title(Pen.shortened(title, Pen.TITLE, room) + outcome, subtitle, MARGIN, 30);
        inputs.draw(pen, left(0), top(0));
        for (int k = 0; k < forward.size(); k++) {
            forward.get(k).draw(pen, left(k + 1), top(0), COLUMN);
            drawArrow(pen, left(k + 1) - GAP + 6, left(k + 1) - 8, top(0) - 4);
            if (backward.get(k) != null) {
                backward.get(k).draw(pen, left(k + 1), top(1), COLUMN);
            }
        }
        drawArrow(pen, left(forward.size()) + COLUMN, left(1) - GAP + 6, top(1) - 24);
        inputs.drawGradient(pen, left(0), top(1));
        drawLines(pen);
        shards.draw(pen, left(Math.max(forward.size() - 1, SHARDS)), top(2), COLUMN);
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
