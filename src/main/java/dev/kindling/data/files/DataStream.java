package dev.kindling.data.files;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.storage.OpenFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;
import org.apache.hadoop.io.compress.DecompressorStream;
import org.apache.hadoop.io.compress.zlib.BuiltInGzipDecompressor;

/** The bytes of a {@link DataFile}, decompressed. If they cannot be read, a {@link KindlingException} names the file. */
final class DataStream implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
    private static final byte[] ZIP_MAGIC = {'P', 'K'};

    private final DataFile file;
    private final InputStream in;

    private DataStream(DataFile file, InputStream in) {
        this.file = file;
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
    }

    /** @param offset the first byte to read; a compressed file is read up to there, and those bytes are dropped */
    static DataStream open(DataFile file, Configuration conf, long offset) {
        FSDataInputStream raw = raw(file, conf);
        try {
            if (file.isPlain()) {
                raw.seek(offset);
                return new DataStream(file, raw);
            }
            DataStream stream = new DataStream(file, file.isGzip() ? gunzip(file, raw) : entry(file, raw));
            stream.skip(offset);
            return stream;
        } catch (IOException | RuntimeException e) {
            IOUtils.closeStream(raw);
            throw e instanceof KindlingException known ? known : file.unreadable(e);
        }
    }

    /** A zip, before its first entry. */
    static ZipInputStream zip(DataFile file, Configuration conf) {
        FSDataInputStream raw = raw(file, conf);
        try {
            return unzip(file, raw);
        } catch (IOException | RuntimeException e) {
            IOUtils.closeStream(raw);
            throw e instanceof KindlingException known ? known : file.unreadable(e);
        }
    }

    private static FSDataInputStream raw(DataFile file, Configuration conf) {
        Path path = new Path(file.uri());
        try {
            FileSystem system = path.getFileSystem(conf);
            FileStatus status = system.getFileStatus(path);
            long length = status.getLen();
            if (length != file.length()) {
                throw new KindlingException(file.name() + ": found " + length + " bytes, expected " + file.length()
                        + ", as when it was opened first: did it change while it was read?");
            }
            return OpenFile.forward(system, status);
        } catch (IOException e) {
            throw new KindlingException(file.name() + ": cannot be opened: " + Reason.of(e), e);
        }
    }

    /**
     * Hadoop's gzip, not the JDK's: the JDK's silently takes any bytes after the compressed data as its end.
     */
    private static InputStream gunzip(DataFile file, FSDataInputStream raw) throws IOException {
        InputStream checked = checkMagic(file, raw, "gzip", GZIP_MAGIC);
        return new DecompressorStream(checked, new BuiltInGzipDecompressor(), BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                super.close();
                decompressor.end();
            }
        };
    }

    private static ZipInputStream unzip(DataFile file, FSDataInputStream raw) throws IOException {
        return new ZipInputStream(checkMagic(file, raw, "zip", ZIP_MAGIC));
    }

    private static InputStream entry(DataFile file, FSDataInputStream raw) throws IOException {
        ZipInputStream zip = unzip(file, raw);
        for (ZipEntry next = zip.getNextEntry(); next != null; next = zip.getNextEntry()) {
            if (next.getName().equals(file.entry())) {
                return zip;
            }
        }
        throw new EOFException();
    }

    /** Gives back all bytes, the magic ones too. It does not seek: on an object store that would be one more request. */
    private static InputStream checkMagic(DataFile file, InputStream raw, String format, byte[] magic)
            throws IOException {
        InputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
        in.mark(magic.length);
        byte[] found = in.readNBytes(magic.length);
        if (!Arrays.equals(found, magic)) {
            HexFormat hex = HexFormat.ofDelimiter(" ");
            throw new KindlingException(file.name() + ": is not " + format + ": found first bytes '"
                    + hex.formatHex(found) + "', expected '" + hex.formatHex(magic) + "'");
        }
        in.reset();
        return in;
    }

    /** The next byte, or -1 at the end. */
    int read() {
        try {
            return in.read();
        } catch (IOException e) {
            throw file.unreadable(e);
        }
    }

    /**
     * Fills a part of a buffer.
     *
     * @return how many bytes there were; fewer than {@code length} only at the end
     */
    int read(byte[] buffer, int offset, int length) {
        try {
            return in.readNBytes(buffer, offset, length);
        } catch (IOException e) {
            throw file.unreadable(e);
        }
    }

    /** Reads bytes and drops them. Hadoop's own skip counts in an int. */
    private void skip(long bytes) {
        byte[] scratch = new byte[BUFFER_BYTES];
        for (long left = bytes; left > 0; ) {
            int count = read(scratch, 0, (int) Math.min(left, scratch.length));
            if (count == 0) {
                return; // the next read finds the end
            }
            left -= count;
        }
    }

    @Override
    public void close() {
        IOUtils.closeStream(in);
    }
}
