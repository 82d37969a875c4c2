package dev.kindling.data.files;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;

/**
 * Pictures as one byte a pixel, row by row, from 0 for black to 255 for white. Grey stays as it is. Colour becomes 0.299 red +
 * 0.587 green + 0.114 blue, rounded. Behind what is transparent there is black.
 */
final class GreyBytes {
    private static final int MAX = 255;

    private GreyBytes() {}

    static byte[] of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        // The JDK takes such grey for light as physics has it, and would make it brighter.
        boolean isGrey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY && model.getComponentSize(0) >= 8;
        int width = image.getWidth();
        byte[] bytes = new byte[width * image.getHeight()];
        for (int k = 0; k < bytes.length; k++) {
            int x = k % width;
            int y = k / width;
            bytes[k] = (byte) (isGrey ? grey(image.getRaster(), model, x, y) : grey(image.getRGB(x, y)));
        }
        return bytes;
    }

    private static int grey(Raster raster, ColorModel model, int x, int y) {
        int grey = raster.getSample(x, y, 0) >> (model.getComponentSize(0) - 8);
        int alpha = model.hasAlpha() ? raster.getSample(x, y, 1) >> (model.getComponentSize(1) - 8) : MAX;
        return over(alpha, grey * 1_000L);
    }

    private static int grey(int argb) {
        int red = argb >> 16 & MAX;
        int green = argb >> 8 & MAX;
        int blue = argb & MAX;
        return over(argb >>> 24, 299L * red + 587L * green + 114L * blue);
    }

    /** @param thousandths of grey */
    private static int over(int alpha, long thousandths) {
        return (int) ((alpha * thousandths + MAX * 500L) / (MAX * 1_000L));
    }
}
