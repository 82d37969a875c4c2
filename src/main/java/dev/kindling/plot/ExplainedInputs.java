package dev.kindling.plot;

/** What goes into a network, and the gradient of the weights from there to one unit, in a column at the left. */
public sealed interface ExplainedInputs permits ExplainedPixels, ExplainedColumns {
    /** The width of both. */
    int width();

    /** The height of either, below its heading. */
    int height();

    /** Draws what goes in. */
    void draw(Pen pen, int x, int y);

    /** Draws the gradient. */
    void drawGradient(Pen pen, int x, int y);
}
