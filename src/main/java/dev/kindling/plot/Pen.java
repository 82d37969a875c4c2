package dev.kindling.plot;

import dev.kindling.error.Printable;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.function.DoubleFunction;

/** What the pictures draw with: text, boxes, small images and colour bars, in one style. */
final class Pen {
    static final Color INK = new Color(0x222222);
    static final Color MUTED = new Color(0x5a5a5a);
    static final Color LINE = new Color(0xb0b0b0);
    /** Blue, vermilion, bluish green, orange, reddish purple and sky blue of Okabe and Ito, for lines. */
    static final Color[] LINES = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xe69f00),
        new Color(0xcc79a7),
        new Color(0x56b4e9)
    };

    static final int TITLE = 16;
    static final int HEADING = 13;
    static final int TEXT = 12;

    private static final FontRenderContext ANY_SCREEN = new FontRenderContext(null, true, true);
    private static final String ELLIPSIS = "\u2026";
    /** Of longer texts no more is kept than this, whatever the room. */
    private static final int MOST_CHARACTERS = 200;

    /** Which point of a text is put where. */
    enum Anchor {
        LEFT,
        CENTRE,
        RIGHT
    }

    private final Graphics2D g;

    Pen(Graphics2D g) {
        this.g = g;
    }

    /** A font of the family that every machine with fonts has. */
    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** The title of a picture and, below it in grey, what else there is to say. */
    void title(String title, String subtitle, int x, int y) {
        bold(title, x, y, TITLE, INK);
        text(subtitle, x, y + 20, TEXT, MUTED, Anchor.LEFT);
    }

    /** How wide a picture has to be for its title, which begins at x; no wider than a screen. */
    static int titleWidth(String title, String subtitle, int x) {
        int widest = Math.max((int) (1.15 * width(title, TITLE)), width(subtitle, TEXT)); // bold is wider
        return Math.min(Picture.LARGE, widest + 2 * x);
    }

    void bold(String text, int x, int y, int size, Color colour) {
        g.setFont(font(Font.BOLD, size));
        g.setColor(colour);
        g.drawString(Printable.of(text), x, y);
    }

    /** What a part of a picture shows and, below it in grey, how that comes about; y is the base line of the first. */
    void heading(String title, String formula, int x, int y) {
        bold(title, x, y + 2, HEADING, INK);
        text(formula, x, y + 20, 11, MUTED, Anchor.LEFT);
    }

    /** Text whose base line is at y. */
    void text(String text, double x, double y, int size, Color colour, Anchor anchor) {
        g.setFont(font(Font.PLAIN, size));
        g.setColor(colour);
        int width = g.getFontMetrics().stringWidth(Printable.of(text));
        double left = switch (anchor) {
            case LEFT -> x;
            case CENTRE -> x - width / 2.0;
            case RIGHT -> x - width;
        };
        g.drawString(Printable.of(text), (float) left, (float) y);
    }

    /** Text that reads upwards; LEFT is its lower end. */
    void upwards(String text, double x, double y, int size, Color colour, Anchor anchor) {
        g.rotate(-Math.PI / 2, x, y);
        text(text, x, y, size, colour, anchor);
        g.rotate(Math.PI / 2, x, y);
    }

    /** How wide a text is. */
    static int width(String text, int size) {
        return (int) Math.ceil(font(Font.PLAIN, size)
                .getStringBounds(Printable.of(text), ANY_SCREEN)
                .getWidth());
    }

    /** A text that is at most so wide: where it is not, its middle is an ellipsis, because names often end differently. */
    static String shortened(String text, int size, double most) {
        if (text.length() <= MOST_CHARACTERS && width(text, size) <= most) {
            return text;
        }
        int[] points = text.codePoints().toArray();
        int kept = Math.min(points.length - 1, MOST_CHARACTERS);
        while (kept > 1 && width(shortened(points, kept), size) > most) {
            kept--;
        }
        return shortened(points, kept);
    }

    private static String shortened(int[] points, int kept) {
        int head = (kept + 1) / 2;
        int tail = kept - head;
        return new String(points, 0, head) + ELLIPSIS + new String(points, points.length - tail, tail);
    }

    void fill(Color colour, double x, double y, double width, double height) {
        g.setColor(colour);
        g.fill(new Rectangle2D.Double(x, y, width, height));
    }

    void frame(Color colour, double stroke, double x, double y, double width, double height) {
        g.setColor(colour);
        g.setStroke(new BasicStroke((float) stroke));
        g.draw(new Rectangle2D.Double(x, y, width, height));
    }

    void line(Color colour, double stroke, double x1, double y1, double x2, double y2) {
        g.setColor(colour);
        g.setStroke(new BasicStroke((float) stroke));
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    /** A frame and a cross over what is in it. */
    void crossOut(double x, double y, double width, double height) {
        frame(INK, 3, x, y, width, height);
        line(INK, 3, x, y, x + width, y + height);
        line(INK, 3, x, y + height, x + width, y);
    }

    /**
     * A square image, a number a pixel, with a thin frame.
     *
     * @param pixels shape (side, side), row-major
     * @param size its width and height in the picture
     */
    void image(float[] pixels, DoubleFunction<Color> colour, int x, int y, int size) {
        int side = side(pixels.length);
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int k = 0; k < pixels.length; k++) {
            image.setRGB(k % side, k / side, colour.apply(pixels[k]).getRGB());
        }
        g.drawImage(image, x, y, size, size, null);
        frame(LINE, 1, x, y, size, size);
    }

    /** The side of a square of this many pixels, 0 if there is none. */
    static int side(int pixels) {
        int side = (int) Math.round(Math.sqrt(pixels));
        return side * side == pixels ? side : 0;
    }

    /** An upright bar of all colours of a map, from 0 at the bottom to 1 at the top. */
    void colourBar(ColourMap colours, int x, int y, int width, int height) {
        for (int k = 0; k < height; k++) {
            fill(colours.at(1 - (k + 0.5) / height), x, y + k, width, 1);
        }
        frame(LINE, 1, x, y, width, height);
    }

    /** A mark with its label, to the right of a colour bar. */
    void colourBarMark(String label, double value, int x, int y, int width, int height) {
        double at = y + (1 - value) * height;
        line(INK, 1, x + width, at, x + width + 4, at);
        text(label, x + width + 8, at + 4, 11, INK, Anchor.LEFT);
    }
}
