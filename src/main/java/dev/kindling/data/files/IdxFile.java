package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;

/**
 * An IDX file of unsigned bytes whose header is checked. The header is a magic number (two zeros, the type, the number
 * of dimensions) and the size of each dimension, four bytes each, big-endian; the first dimension counts the items.
 *
 * @param items images or labels, at least 1
 * @param itemBytes the size of an item, 1 to {@value #MAX_ITEM_BYTES}
 * @param headerBytes where the first item starts
 */
record IdxFile(DataFile file, int items, int itemBytes, int headerBytes) implements Serializable {
    private static final int UNSIGNED_BYTES = 0x0800;
    private static final int MAX_ITEM_BYTES = 65_536;
    /** Deflate makes at most this much out of a byte. */
    private static final int MAX_INFLATION = 1032;

    /** Images, of three dimensions. */
    static IdxFile images(DataFile file, Configuration conf) {
        return read(file, conf, 3);
    }

    /** Labels, of one dimension. */
    static IdxFile labels(DataFile file, Configuration conf) {
        return read(file, conf, 1);
    }

    private static IdxFile read(DataFile file, Configuration conf, int dimensions) {
        byte[] header = new byte[Integer.BYTES * (1 + dimensions)];
        try (DataStream in = DataStream.open(file, conf, 0)) {
            if (in.read(header, 0, header.length) < header.length) {
                throw file.truncated("its header");
            }
        }
        ByteBuffer sizes = ByteBuffer.wrap(header);
        int magic = sizes.getInt();
        if (magic != (UNSIGNED_BYTES | dimensions)) {
            throw new KindlingException(
                    "%s: found magic number 0x%08x, expected 0x%08x (IDX, unsigned bytes, %d dimensions)"
                            .formatted(file.name(), magic, UNSIGNED_BYTES | dimensions, dimensions));
        }
        int items = sizes.getInt();
        if (items < 1) {
            throw new KindlingException(file.name() + ": found " + items + " rows in its header, expected at least 1");
        }
        long itemBytes = 1;
        while (sizes.hasRemaining()) {
            int size = sizes.getInt();
            itemBytes *= size;
            if (size < 1 || itemBytes > MAX_ITEM_BYTES) {
                throw new KindlingException(file.name() + ": found images of " + pixels(header)
                        + " pixels in its header, expected 1 to " + MAX_ITEM_BYTES + " in all");
            }
        }
        IdxFile idx = new IdxFile(file, items, (int) itemBytes, header.length);
        idx.checkLength();
        return idx;
    }

    private static String pixels(byte[] header) {
        ByteBuffer sizes = ByteBuffer.wrap(header);
        return sizes.getInt(2 * Integer.BYTES) + " x " + sizes.getInt(3 * Integer.BYTES);
    }

    /** Where an item starts, counted in decompressed bytes. */
    long offset(long item) {
        return headerBytes + item * itemBytes;
    }

    /** Checks the length before the items are read. For a gzip that is only whether so few bytes can hold them. */
    private void checkLength() {
        long expected = offset(items);
        if (file.isPlain() ? file.length() != expected : file.length() < expected / MAX_INFLATION) {
            throw new KindlingException(file.name() + ": found " + file.length() + " bytes, expected "
                    + (file.isPlain() ? "" : "a gzip of ") + expected + " for the " + items
                    + " rows in its header: copy or download it again");
        }
    }
}
