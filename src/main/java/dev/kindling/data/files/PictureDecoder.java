package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Decodes pictures of the formats that the JDK reads: PNG, JPEG, GIF and BMP. */
final class PictureDecoder {
    /** The longest side that is decoded: a square of it takes 64 MB in memory. */
    private static final int MAX_SIDE = 4_096;

    private PictureDecoder() {}

    /** Looks at the size that a picture says it has, before room is made for its pixels. */
    @FunctionalInterface
    interface SizeCheck {
        /**
         * Looks at it.
         *
         * @throws KindlingException if it is not the right one
         */
        void check(int width, int height);
    }

    /**
     * Decodes a picture; of several in a file, the first.
     *
     * @param file a path or URI of any Hadoop file system
     * @param size is called after it is sure that the picture is not too large
     * @throws KindlingException if it is no picture, too large, or damaged
     */
    static BufferedImage decode(Configuration configuration, String file, SizeCheck size) {
        try {
            Path path = new Path(file);
            try (InputStream in = path.getFileSystem(configuration).open(path);
                    ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
                Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
                if (!readers.hasNext()) {
                    throw new KindlingException(file + ": found no picture, expected PNG, JPEG, GIF or BMP");
                }
                ImageReader reader = readers.next();
                try {
                    reader.setInput(stream, true, true);
                    int width = reader.getWidth(0);
                    int height = reader.getHeight(0);
                    if (width > MAX_SIDE || height > MAX_SIDE) {
                        throw new KindlingException(file + ": found " + width + " x " + height
                                + " pixels, expected at most " + MAX_SIDE + " x " + MAX_SIDE);
                    }
                    size.check(width, height);
                    return reader.read(0);
                } finally {
                    reader.dispose();
                }
            }
        } catch (KindlingException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the JDK's readers throw the latter for damaged files
            throw new KindlingException("cannot read '" + file + "': " + Reason.of(e), e);
        }
    }
}
