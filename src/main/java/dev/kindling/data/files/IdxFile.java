package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * An IDX file whose header is checked. The header is a magic number (two zeros, the type, the number of dimensions) and the
 * size of each dimension, four bytes each, big-endian; the first dimension counts the items.
 *
 * @param items images or labels, at least 1
 * @param itemBytes the size of an item, 1 to {@value #MAX_ITEM_BYTES}
 * @param numberBytes the size of each number of an item: 1 if they are unsigned bytes, 4 if they are integers, big-endian
 * @param headerBytes where the first item starts
 */
record IdxFile(DataFile file, int items, int itemBytes, int numberBytes, int headerBytes) implements Serializable {
    private static final int IMAGES = 0x0803;
    private static final int LABELS = 0x0801;
    private static final int INT_LABELS = 0x0c01;
    /** QMNIST's: the label is the first number of a row. */
    private static final int ROWS_OF_INTS = 0x0c02;

    private static final int MAX_ITEM_BYTES = 65_536;
    /** Deflate makes at most this much out of a byte. */
    private static final int MAX_INFLATION = 1032;

    /** Images: unsigned bytes in three dimensions. */
    static IdxFile images(DataFile file, Configuration conf) {
        return read(file, conf, "0x%08x (IDX, unsigned bytes, 3 dimensions)".formatted(IMAGES), IMAGES);
    }

    /** Labels: unsigned bytes or integers in one dimension, or integers in two. */
    static IdxFile labels(DataFile file, Configuration conf) {
        return read(
                file,
                conf,
                "0x%08x (IDX, unsigned bytes, 1 dimension), or 0x%08x or 0x%08x (integers)"
                        .formatted(LABELS, INT_LABELS, ROWS_OF_INTS),
                LABELS,
                INT_LABELS,
                ROWS_OF_INTS);
    }

    private static IdxFile read(DataFile file, Configuration conf, String expected, int... magics) {
        byte[] header;
        try (DataStream in = DataStream.open(file, conf, 0)) {
            byte[] start = header(file, in, Integer.BYTES);
            int magic = ByteBuffer.wrap(start).getInt();
            if (IntStream.of(magics).noneMatch(known -> known == magic)) {
                throw new KindlingException(
                        "%s: found magic number 0x%08x, expected %s".formatted(file.name(), magic, expected));
            }
            int dimensions = magic & 0xff;
            header = Arrays.copyOf(start, Integer.BYTES * (1 + dimensions));
            System.arraycopy(
                    header(file, in, Integer.BYTES * dimensions), 0, header, Integer.BYTES, Integer.BYTES * dimensions);
        }
        ByteBuffer sizes = ByteBuffer.wrap(header);
        int numberBytes = sizes.getInt() >> Byte.SIZE == INT_LABELS >> Byte.SIZE ? Integer.BYTES : 1;
        int items = sizes.getInt();
        if (items < 1) {
            throw new KindlingException(file.name() + ": found " + items + " rows in its header, expected at least 1");
        }
        long itemBytes = numberBytes;
        while (sizes.hasRemaining()) {
            int size = sizes.getInt();
            itemBytes *= size;
            if (size < 1 || itemBytes > MAX_ITEM_BYTES) {
                throw new KindlingException(file.name() + ": found " + (numberBytes == 1 ? "images" : "rows") + " of "
                        + numbers(header) + (numberBytes == 1 ? " pixels" : " numbers")
                        + " in its header, expected 1 to " + MAX_ITEM_BYTES / numberBytes + " in all");
            }
        }
        IdxFile idx = new IdxFile(file, items, (int) itemBytes, numberBytes, header.length);
        idx.checkLength();
        return idx;
    }

    private static byte[] header(DataFile file, DataStream in, int bytes) {
        byte[] read = new byte[bytes];
        if (in.read(read, 0, bytes) < bytes) {
            throw file.truncated("its header");
        }
        return read;
    }

    private static String numbers(byte[] header) {
        IntBuffer sizes = ByteBuffer.wrap(header).asIntBuffer();
        return IntStream.range(2, sizes.limit())
                .mapToObj(k -> String.valueOf(sizes.get(k)))
                .collect(Collectors.joining(" x "));
    }

    /**
     * Cuts the items into neighbours, of about as many each.
     *
     * @param most how many parts there are, if there are so many items
     * @param part makes one of its first item and the item after its last
     */
    <P> List<P> cut(int most, BiFunction<Long, Long, P> part) {
        int parts = Math.min(items, most);
        return IntStream.range(0, parts)
                .mapToObj(k -> part.apply((long) items * k / parts, (long) items * (k + 1) / parts))
                .toList();
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
