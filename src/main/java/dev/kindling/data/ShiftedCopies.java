package dev.kindling.data;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Seeds;
import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;

/**
 * A set of square images several times over: as they are, and then shifted a little, each copy of each image in a
 * direction of its own. A network learns from it that the place of a digit does not matter. It also makes a training
 * set of any size without a file of that size: tasks make the copies as they read.
 *
 * <p>The copy with number c, from 0, of the image with this id has the id {@code c * count + id}. How it is shifted
 * depends on seed, id and c alone, so partitions change nothing.
 */
public final class ShiftedCopies implements Serializable {
    /** The furthest that an image is shifted, across and down, in pixels. */
    public static final int MAX_SHIFT = 2;

    private static final long serialVersionUID = 1L;
    private static final int WIDTH = 2 * MAX_SHIFT + 1; // of the square of shifts

    private final String source;
    private final long count;
    private final int side;
    private final int times;
    private final long seed;

    private ShiftedCopies(String source, long count, int side, int times, long seed) {
        this.source = source;
        this.count = count;
        this.side = side;
        this.times = times;
        this.seed = seed;
    }

    /**
     * The images and their copies.
     *
     * @param times how often each image is there, at least 1; for 1 the images come back as they are, of any shape
     * @param seed of the shifts
     * @throws KindlingException if there are to be copies and the images are not square
     */
    public static LabelledRows of(LabelledRows images, int times, long seed) {
        if (times == 1) {
            return images;
        }
        int side = (int) Math.round(Math.sqrt(images.features()));
        if (side * side != images.features()) {
            throw new KindlingException(setting("repeat") + ": found " + images.features() + " features a row in "
                    + images.source() + ", expected the pixels of a square image, such as 28 x 28 = 784");
        }
        ShiftedCopies copies = new ShiftedCopies(images.source(), images.count(), side, times, seed);
        JavaRDD<InternalRow> rows = images.internalRows().flatMap(copies::of);
        return new LabelledRows(
                RowRelation.of(images.rows().sparkSession(), rows, images.source()),
                Math.multiplyExact(images.count(), times),
                images.features(),
                images.source());
    }

    /** An image, then its copies: one object, filled again for each of them. */
    private Iterator<InternalRow> of(InternalRow image) {
        SpecificInternalRow row = new SpecificInternalRow(LabelledRows.SCHEMA);
        float[] pixels = image.getArray(2).toFloatArray();
        if (pixels.length != side * side) {
            throw new KindlingException(source + " row " + image.getLong(0) + ": found " + pixels.length
                    + " features, expected " + side * side);
        }
        float[] shifted = new float[pixels.length];
        UnsafeArrayData features = UnsafeArrayData.fromPrimitiveArray(pixels);
        row.setInt(1, image.getInt(1));
        row.update(2, features);
        long id = image.getLong(0);
        return new Iterator<>() {
            private int copy;

            @Override
            public boolean hasNext() {
                return copy < times;
            }

            @Override
            public InternalRow next() {
                if (copy == times) {
                    throw new NoSuchElementException();
                }
                if (copy > 0) {
                    shift(pixels, id, copy, shifted);
                    UnsafeFloats.copy(shifted, features);
                }
                row.setLong(0, copy * count + id);
                copy++;
                return row;
            }
        };
    }

    /** Draws one of the 24 shifts and applies it; pixels that come in from outside are 0. */
    private void shift(float[] pixels, long id, int copy, float[] shifted) {
        int still = WIDTH * WIDTH / 2; // the middle of the square: no shift
        int drawn = (int) Math.floorMod(Seeds.mix(seed, id, copy), (long) WIDTH * WIDTH - 1);
        int shift = drawn < still ? drawn : drawn + 1;
        shift(pixels, side, shift % WIDTH - MAX_SHIFT, shift / WIDTH - MAX_SHIFT, shifted);
    }

    /**
     * Moves an image right and down; pixels that come in from outside are 0.
     *
     * @param pixels shape (side, side)
     * @param shifted receives shape (side, side)
     */
    static void shift(float[] pixels, int side, int right, int down, float[] shifted) {
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int fromX = x - right;
                int fromY = y - down;
                boolean inside = fromX >= 0 && fromX < side && fromY >= 0 && fromY < side;
                shifted[y * side + x] = inside ? pixels[fromY * side + fromX] : 0f;
            }
        }
    }
}
