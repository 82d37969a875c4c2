package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * A picture of the user's own, turned into the input of a network for square images: a bright figure on black, as in
 * MNIST.
 *
 * @param pixels shape (side, side), 0 to 1
 * @param changes what was done to it, in words
 */
public record ImageFile(float[] pixels, String changes) {
    /** A pixel that is brighter than this, from 0 to 1, belongs to the figure. */
    private static final float FIGURE = 0.2f;

    /**
     * Reads a picture. A picture with a light border is inverted first. One of the right size is then taken as it is.
     * From any other the figure is cut out and scaled to 20 of 28 parts of the side, with its centre of mass in the
     * middle, as MNIST's digits were.
     *
     * @param file a path or URI of any Hadoop file system: PNG, or what else the JDK reads
     * @param side of the square that comes out
     * @throws KindlingException if it is no picture, too large, or empty
     */
    public static ImageFile read(Configuration configuration, String file, int side) {
        BufferedImage image = PictureDecoder.decode(configuration, file, (width, height) -> {});
        List<String> changes = new ArrayList<>();
        float[] grey = grey(image);
        if (borderMean(grey, image.getWidth(), image.getHeight()) > 0.5) {
            for (int k = 0; k < grey.length; k++) {
                grey[k] = 1 - grey[k];
            }
            changes.add("inverted, because its border is light");
        }
        if (image.getWidth() == side && image.getHeight() == side) {
            changes.add(0, side + " x " + side + " pixels");
            return new ImageFile(grey, String.join(", ", changes));
        }
        int[] box = box(grey, image.getWidth(), image.getHeight());
        if (box == null) {
            throw new KindlingException(file + ": found nothing but background, expected a figure that stands out");
        }
        changes.add(0, image.getWidth() + " x " + image.getHeight() + " pixels");
        changes.add("cut to its figure of " + (box[2] - box[0]) + " x " + (box[3] - box[1]) + ", scaled into " + side
                + " x " + side + " and centred");
        return new ImageFile(fit(grey, image.getWidth(), box, side), String.join(", ", changes));
    }

    /** Shape (height, width): brightness 0 to 1, with white behind what is transparent. */
    private static float[] grey(BufferedImage image) {
        int width = image.getWidth();
        BufferedImage flat = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = flat.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_COLOR_RENDERING, RenderingHints.VALUE_COLOR_RENDER_QUALITY);
        g.drawImage(image, 0, 0, Color.WHITE, null);
        g.dispose();
        float[] grey = new float[width * image.getHeight()];
        for (int k = 0; k < grey.length; k++) {
            Color c = new Color(flat.getRGB(k % width, k / width));
            grey[k] = (0.299f * c.getRed() + 0.587f * c.getGreen() + 0.114f * c.getBlue()) / 255;
        }
        return grey;
    }

    private static double borderMean(float[] grey, int width, int height) {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < grey.length; k++) {
            int x = k % width;
            int y = k / width;
            if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
                sum += grey[k];
                count++;
            }
        }
        return sum / count;
    }

    /** Left, top, right and bottom of what stands out, the last two excluded; null if nothing does. */
    private static int[] box(float[] grey, int width, int height) {
        int[] box = {width, height, 0, 0};
        for (int k = 0; k < grey.length; k++) {
            if (grey[k] > FIGURE) {
                box[0] = Math.min(box[0], k % width);
                box[1] = Math.min(box[1], k / width);
                box[2] = Math.max(box[2], k % width + 1);
                box[3] = Math.max(box[3], k / width + 1);
            }
        }
        return box[2] > box[0] ? box : null;
    }

    /** Scales the box so that its longer side is 20 of 28 parts of the side, with its centre of mass in the middle. */
    private static float[] fit(float[] grey, int width, int[] box, int side) {
        double scale = side * (20.0 / 28) / Math.max(box[2] - box[0], box[3] - box[1]);
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int y = box[1]; y < box[3]; y++) {
            for (int x = box[0]; x < box[2]; x++) {
                double pixel = grey[y * width + x];
                mass += pixel;
                massX += pixel * (x + 0.5);
                massY += pixel * (y + 0.5);
            }
        }
        float[] fitted = new float[side * side];
        double step = 1 / scale;
        for (int k = 0; k < fitted.length; k++) {
            int row = k / side;
            double left = massX / mass + (k % side - side / 2.0) * step;
            double top = massY / mass + (row - side / 2.0) * step;
            fitted[k] = mean(grey, width, box, left, top, step);
        }
        return fitted;
    }

    /** The mean over a square of the picture, by samples finer than its pixels; outside the box it is 0. */
    private static float mean(float[] grey, int width, int[] box, double left, double top, double size) {
        int samples = Math.max(2, (int) Math.ceil(2 * size));
        double sum = 0;
        for (int row = 0; row < samples; row++) {
            for (int column = 0; column < samples; column++) {
                int x = (int) Math.floor(left + (column + 0.5) * size / samples);
                int y = (int) Math.floor(top + (row + 0.5) * size / samples);
                boolean inside = x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
                sum += inside ? grey[y * width + x] : 0;
            }
        }
        return (float) (sum / (samples * samples));
    }
}
