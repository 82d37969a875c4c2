package dev.kindling.ui;

import dev.kindling.plot.ColourMap;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The weights of a unit of the first layer as a small image, a pixel for each input: a {@code data:} URI of a PNG. */
final class WeightImage {
    /** Few enough that a picture takes less than a kilobyte. */
    private static final int COLOURS = 64;

    private static final IndexColorModel PALETTE = palette();

    private WeightImage() {}

    /**
     * Draws.
     *
     * @param weights shape (side, side), row-major
     * @param largest the size of a weight that gets the darkest blue or red
     */
    static String uri(float[] weights, int side, float largest) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_INDEXED, PALETTE);
        for (int k = 0; k < weights.length; k++) {
            double shade = largest == 0 ? 0.5 : 0.5 + 0.5 * weights[k] / largest;
            image.getRaster().setSample(k % side, k / side, 0, (int) Math.round(shade * (COLOURS - 1)));
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }

    private static IndexColorModel palette() {
        byte[][] rgb = new byte[3][COLOURS];
        for (int k = 0; k < COLOURS; k++) {
            Color colour = ColourMap.DIVERGING.at(k / (COLOURS - 1.0));
            rgb[0][k] = (byte) colour.getRed();
            rgb[1][k] = (byte) colour.getGreen();
            rgb[2][k] = (byte) colour.getBlue();
        }
        return new IndexColorModel(6, COLOURS, rgb[0], rgb[1], rgb[2]);
    }
}
