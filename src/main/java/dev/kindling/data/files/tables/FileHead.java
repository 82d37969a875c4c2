package dev.kindling.data.files.tables;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * How a file begins: a mebibyte of it, decompressed, or more where the first line is longer.
 *
 * @param whole whether that is all of it
 */
record FileHead(String name, byte[] bytes, boolean whole) {
    private static final int BYTES = 1 << 20;
    private static final int MAX_LINE_BYTES = 1 << 24;
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final String PARQUET = "PAR1";

    /**
     * Reads it.
     *
     * @param name for messages
     * @throws KindlingException if it cannot be read, is no Parquet and no text, or its first line is too long
     */
    static FileHead read(Configuration conf, Path path, String name) {
        try (FSDataInputStream raw = path.getFileSystem(conf).open(path)) {
            CompressionCodec codec = new CompressionCodecFactory(conf).getCodec(path);
            try (InputStream in = codec == null ? raw : codec.createInputStream(raw)) {
                FileHead head = read(in, name);
                head.checkText();
                return head;
            }
        } catch (IOException | RuntimeException e) { // the latter for codecs that are not there
            throw e instanceof KindlingException known
                    ? known
                    : new KindlingException(name + ": cannot be read: " + Reason.innermost(e), e);
        }
    }

    private static FileHead read(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(BYTES);
        boolean whole = bytes.length < BYTES;
        while (!whole && !endsALine(bytes) && !startsWith(bytes, PARQUET)) {
            if (bytes.length >= MAX_LINE_BYTES) {
                throw new KindlingException(name + ": found a first line of more than " + MAX_LINE_BYTES
                        + " bytes, expected shorter lines; is this a table?");
            }
            int from = bytes.length;
            bytes = Arrays.copyOf(bytes, 2 * from);
            int read = in.readNBytes(bytes, from, from);
            whole = read < from;
            bytes = whole ? Arrays.copyOf(bytes, from + read) : bytes;
        }
        return new FileHead(name, bytes, whole);
    }

    private static boolean endsALine(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, String magic) {
        return new String(bytes, 0, Math.min(bytes.length, magic.length()), StandardCharsets.ISO_8859_1).equals(magic);
    }

    private void checkText() {
        String hint = "";
        if (startsWith(bytes, "PK")) {
            hint = "a zip or a workbook; unpack it, or save it as CSV";
        } else if (startsWith(bytes, "\u001f\u008b")) {
            hint = "gzip; give it a name that ends with .gz";
        } else if (startsWith(bytes, "\u00ff\u00fe") || startsWith(bytes, "\u00fe\u00ff")) {
            hint = "UTF-16; save it as UTF-8";
        } else if (!isParquet() && text().indexOf(0) >= 0) {
            hint = "bytes that are no text";
        }
        if (!hint.isEmpty()) {
            throw new KindlingException(name + ": found " + hint + ", expected CSV, JSON, libsvm or Parquet");
        }
    }

    boolean isParquet() {
        return startsWith(bytes, PARQUET);
    }

    /** As UTF-8, without the mark that Windows programs put before it. */
    String text() {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}
