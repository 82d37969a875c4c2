package dev.kindling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Images of a data set, side by side, each with a few words below.
 *
 * @param title what they are
 * @param subtitle where they come from
 * @param images 1 to {@value #MOST_IMAGES}, of one size and with as many lines each
 */
public record ImagesPicture(String title, String subtitle, List<Image> images) implements Picture {
    /** With more, a picture would be too large to look at, and to keep in a repository. */
    public static final int MOST_IMAGES = 100;

    static final int IMAGE = 84;
    private static final int COLUMN = 118;
    private static final int MARGIN = 20;
    private static final int TOP = 68;
    private static final int LINE = 15;
    /** All images together are drawn with at most this many pixels: a file of up to 300 KB. */
    private static final int MOST_PIXELS = 100_000;

    /**
     * An image and its words.
     *
     * @param pixels shape (side, side), row-major; 0 is drawn white and 1 black
     * @param lines drawn below it
     */
    public record Image(float[] pixels, List<String> lines) {}

    /** Whether rows of this many features can be drawn as images: only squares are. */
    public static boolean canDraw(int features) {
        return Pen.side(features) > 0;
    }

    private int columns() {
        return Math.min(images.size(), Math.max(6, (int) Math.ceil(Math.sqrt(images.size() * 1.4))));
    }

    private int rowHeight() {
        return IMAGE + LINE * images.get(0).lines().size() + 22;
    }

    /** Where image k starts. */
    int left(int k) {
        return MARGIN + k % columns() * COLUMN + (COLUMN - IMAGE) / 2;
    }

    int top(int k) {
        return TOP + k / columns() * rowHeight();
    }

    @Override
    public int width() {
        return Math.max(6, columns()) * COLUMN + 2 * MARGIN;
    }

    @Override
    public int height() {
        int rows = (images.size() + columns() - 1) / columns();
        return TOP + rows * rowHeight() + MARGIN / 2;
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(title, subtitle, MARGIN, 28);
        DoubleFunction<Color> ink = ink();
        int mostSide = (int) Math.sqrt(MOST_PIXELS / (double) images.size());
        for (int k = 0; k < images.size(); k++) {
            Image image = images.get(k);
            pen.image(shrunk(image.pixels(), mostSide), ink, left(k), top(k), IMAGE);
            for (int line = 0; line < image.lines().size(); line++) {
                double y = top(k) + IMAGE + LINE * (line + 1);
                Color colour = line == 0 ? Pen.INK : Pen.MUTED;
                pen.text(image.lines().get(line), left(k) + IMAGE / 2.0, y, 11, colour, Pen.Anchor.CENTRE);
            }
        }
    }

    /** White for 0 and black for 1; if there are numbers outside, white for the least and black for the most. */
    private DoubleFunction<Color> ink() {
        float least = 0;
        float most = 1;
        for (Image image : images) {
            for (float pixel : image.pixels()) {
                least = Math.min(least, pixel);
                most = Math.max(most, pixel);
            }
        }
        float low = least;
        float range = most - least;
        return pixel -> ColourMap.INK.at((pixel - low) / range);
    }

    /** An image of at most a side, each pixel the mean of those it stands for. */
    static float[] shrunk(float[] pixels, int mostSide) {
        int side = Pen.side(pixels.length);
        if (side <= mostSide) {
            return pixels;
        }
        float[] sums = new float[mostSide * mostSide];
        int[] counts = new int[sums.length];
        for (int k = 0; k < pixels.length; k++) {
            int to = k / side * mostSide / side * mostSide + k % side * mostSide / side;
            sums[to] += pixels[k];
            counts[to]++;
        }
        for (int k = 0; k < sums.length; k++) {
            sums[k] /= counts[k];
        }
        return sums;
    }
}
