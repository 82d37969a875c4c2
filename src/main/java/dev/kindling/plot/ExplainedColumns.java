package dev.kindling.plot;

import java.util.List;

/**
 * Inputs that have names, as bars.
 *
 * @param inputs what goes in
 * @param values as many, as they are in the table, as text
 * @param gradient of the weights from each of these inputs to one unit
 */
public record ExplainedColumns(Bars inputs, List<String> values, Bars gradient) implements ExplainedInputs {
    private static final int WIDTH = 230;
    private static final int VALUES = 56;
    private static final int SIZE = 11;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public int height() {
        return inputs.values().length * Bars.BAR;
    }

    @Override
    public void draw(Pen pen, int x, int y) {
        inputs.draw(pen, x, y, WIDTH - VALUES);
        pen.text("value", x + WIDTH, y + 20, SIZE, Pen.MUTED, Pen.Anchor.RIGHT);
        for (int k = 0; k < values.size(); k++) {
            double line = y + Bars.HEAD + k * Bars.BAR + 13;
            String value = Pen.shortened(values.get(k), SIZE, VALUES - 4);
            pen.text(value, x + WIDTH, line, SIZE, Pen.MUTED, Pen.Anchor.RIGHT);
        }
    }

    @Override
    public void drawGradient(Pen pen, int x, int y) {
        gradient.draw(pen, x, y, WIDTH);
    }
}
