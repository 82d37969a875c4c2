package dev.kindling.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.values.bitpacking.BytePackerForLong;
import org.apache.parquet.column.values.bitpacking.Packer;

/**
 * The whole numbers of a Parquet page in the encoding DELTA_BINARY_PACKED: the first number, then differences in blocks. Each
 * block has its smallest difference, and what the others have more than that in mini-blocks, whose numbers have the same
 * width. How many numbers there are, and how long blocks and mini-blocks are, stands before them. Whoever decodes them
 * makes room for as many.
 */
final class DeltaNumbers {
    /** Writers choose 128 to 2,048. */
    private static final int MAX_BLOCK_LENGTH = 1 << 16;
    /** They are packed by eight. */
    private static final int PACK = 8;

    private final ByteBuffer in;
    private final int count;
    private final int blockLength;
    private final int miniBlockLength;
    /** Shape (mini-blocks): the bits of a number in each mini-block of the block that is read. */
    private final byte[] widths;
    /** Shape (miniBlockLength): the numbers of the mini-block that is read. */
    private final long[] unpacked;

    private int given;
    private long number;
    private long smallest;

    /**
     * Reads what stands before the numbers.
     *
     * @param in where they are; its position goes on as they are read, and is behind them after the last
     * @param most how many there may be
     * @throws IOException if there are more, or blocks are of no usual length
     */
    DeltaNumbers(ByteBuffer in, int most) throws IOException {
        this.in = in;
        this.blockLength = unsigned("values in a DELTA block", 1, MAX_BLOCK_LENGTH);
        int miniBlocks = unsigned("mini-blocks in a DELTA block", 1, blockLength);
        this.miniBlockLength = blockLength / miniBlocks;
        if (blockLength % miniBlocks != 0 || miniBlockLength % PACK != 0) {
            throw new IOException("mini-blocks in a DELTA block: found " + miniBlocks + " for " + blockLength
                    + " values, expected a multiple of " + PACK + " values in each");
        }
        this.count = unsigned("values in a DELTA page", 0, most);
        this.widths = new byte[miniBlocks];
        this.unpacked = new long[miniBlockLength];
        this.number = signed();
    }

    int count() {
        return count;
    }

    /** The next number; at most {@link #count} times. */
    long next() throws IOException {
        if (given > 0) {
            int place = (given - 1) % blockLength;
            if (place == 0) {
                smallest = signed();
                in.get(widths);
            }
            if (place % miniBlockLength == 0) {
                unpack(widths[place / miniBlockLength]);
            }
            number += smallest + unpacked[place % miniBlockLength];
        }
        given++;
        return number;
    }

    private void unpack(int width) throws IOException {
        if (width < 0 || width > Long.SIZE) {
            throw new IOException("bits of a DELTA value: found " + width + ", expected 0 to " + Long.SIZE);
        }
        Arrays.fill(unpacked, 0); // which the packer of no bits leaves as they are
        BytePackerForLong packer = Packer.LITTLE_ENDIAN.newBytePackerForLong(width);
        for (int k = 0; k < miniBlockLength; k += PACK) {
            packer.unpack8Values(in, in.position(), unpacked, k);
            in.position(in.position() + width);
        }
    }

    private int unsigned(String what, int least, int most) throws IOException {
        long value = bits();
        if (value < least || value > most) {
            throw new IOException(
                    what + ": found " + Long.toUnsignedString(value) + ", expected " + least + " to " + most);
        }
        return (int) value;
    }

    /** Signs are in the last bit. */
    private long signed() {
        long value = bits();
        return value >>> 1 ^ -(value & 1);
    }

    /** Seven bits a byte, the lowest first; the last byte has its top bit clear. */
    private long bits() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
