package dev.kindling.plot;

/**
 * Pixels of a square, as images.
 *
 * @param image shape (side, side)
 * @param gradient shape (side, side): of the weights from each pixel to one unit
 * @param gradientTitle which unit that is
 * @param marked the pixel of the one weight
 */
public record ExplainedPixels(float[] image, float[] gradient, String gradientTitle, int marked)
        implements ExplainedInputs {
    private static final int IMAGE = 190;

    @Override
    public int width() {
        return ExplanationPicture.COLUMN;
    }

    @Override
    public int height() {
        return IMAGE;
    }

    @Override
    public void draw(Pen pen, int x, int y) {
        int side = Pen.side(image.length);
        pen.heading("input x", side + " x " + side + " pixels", x, y);
        pen.image(image, pixel -> ColourMap.INK.at(pixel), x, y + Bars.HEAD, IMAGE);
    }

    @Override
    public void drawGradient(Pen pen, int x, int y) {
        float largest = 0;
        for (float each : gradient) {
            largest = Math.max(largest, Math.abs(each));
        }
        double scale = largest == 0 ? 1 : largest;
        pen.heading(gradientTitle, "x times delta: blue -, red +", x, y);
        pen.image(gradient, each -> ColourMap.DIVERGING.at(0.5 + 0.5 * each / scale), x, y + Bars.HEAD, IMAGE);
        int side = Pen.side(gradient.length);
        int row = marked / side;
        double pixel = IMAGE / (double) side;
        double left = x + marked % side * pixel;
        double top = y + Bars.HEAD + row * pixel;
        pen.frame(Pen.INK, 2, left - 1, top - 1, pixel + 2, pixel + 2);
    }
}
