package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/**
 * The lines of a text file, one at a time, as bytes in a buffer that the next line overwrites. A line ends with LF or
 * CR LF, which are not part of it, or with the file.
 */
final class CsvLines implements AutoCloseable {
    /** Room for 65,536 pixels with 60 spaces around each; what is longer is refused, not held. */
    private static final int MAX_LINE_BYTES = 64 * 65_536;

    private static final int START_BYTES = 1 << 16;

    private final DataFile file;
    private final DataStream in;
    private byte[] buffer = new byte[START_BYTES];
    private long bufferOffset; // of the buffer's first byte in the file
    private int filled; // bytes in the buffer
    private int start; // of the line
    private int end; // of the line
    private int next; // start of the line after it

    /** @param offset where the first line starts, in decompressed bytes */
    CsvLines(DataFile file, Configuration conf, long offset) {
        this.file = file;
        this.in = DataStream.open(file, conf, offset);
        this.bufferOffset = offset;
    }

    /** Goes to the next line; false if there is none. */
    boolean next() {
        start = next;
        int newline = newline(start);
        while (newline < 0) {
            int searched = filled - start;
            if (!fill()) {
                break;
            }
            newline = newline(start + searched);
        }
        end = newline < 0 ? filled : newline;
        next = newline < 0 ? filled : newline + 1;
        if (end > start && buffer[end - 1] == '\r') {
            end--;
        }
        return next > start;
    }

    private int newline(int from) {
        for (int at = from; at < filled; at++) {
            if (buffer[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Moves the line to the front of the buffer and reads on behind it. */
    private boolean fill() {
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        bufferOffset += start;
        filled -= start;
        start = 0;
        if (filled == MAX_LINE_BYTES) {
            throw new KindlingException(file.name() + ": found a line of more than " + MAX_LINE_BYTES
                    + " bytes at byte " + bufferOffset + ", expected shorter lines; is this a CSV file?");
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * filled);
        }
        int count = in.read(buffer, filled, buffer.length - filled);
        filled += count;
        return count > 0;
    }

    /** Holds the line, from {@link #start} to before {@link #end}. */
    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    boolean isBlank() {
        for (int at = start; at < end; at++) {
            if (buffer[at] != ' ' && buffer[at] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Where in the file the next line starts, in decompressed bytes. */
    long nextOffset() {
        return bufferOffset + next;
    }

    @Override
    public void close() {
        in.close();
    }
}
