package dev.kindling.plot;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A PNG read back, asked for by the units of its picture. */
final class Pixels {
    private final BufferedImage image;
    private final double scale;

    Pixels(Picture picture) {
        try {
            image = ImageIO.read(new ByteArrayInputStream(picture.png()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scale = image.getWidth() / (double) picture.width();
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    Color at(double x, double y) {
        return new Color(image.getRGB((int) (x * scale), (int) (y * scale)));
    }

    /** By pixel, not by unit. */
    boolean isColour(int x, int y, Color colour) {
        return image.getRGB(x, y) == colour.getRGB();
    }

    /** 0 for black to 255 for white. */
    static double brightness(Color c) {
        return (c.getRed() + c.getGreen() + c.getBlue()) / 3.0;
    }
}
