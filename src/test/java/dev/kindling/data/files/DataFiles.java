package dev.kindling.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.error.KindlingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Row;

/** Writes small data sets, sound and damaged, and reads them back. */
public final class DataFiles {
    public static final int CLASSES = 10;
    public static final int IMAGE_MAGIC = 0x0803;
    public static final int LABEL_MAGIC = 0x0801;

    private DataFiles() {}

    /** The bytes of an IDX file: the header's numbers, then bytes 0, 1, 2 ... modulo {@code modulus}. */
    public static byte[] idx(int bytes, int modulus, int... header) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * header.length + bytes);
        IntStream.of(header).forEach(buffer::putInt);
        IntStream.range(0, bytes).forEach(k -> buffer.put((byte) (k % modulus)));
        return buffer.array();
    }

    /** Rows of 2 x 3 pixels, which count up through the whole file, modulo 256. */
    public static byte[] images(int rows) {
        return idx(6 * rows, 256, IMAGE_MAGIC, rows, 2, 3);
    }

    /** Labels 0, 1, 2 ... 9, 0, 1 ... */
    public static byte[] labels(int rows) {
        return idx(rows, CLASSES, LABEL_MAGIC, rows);
    }

    public static void write(Path directory, String name, byte[] bytes) {
        try {
            Files.write(directory.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void write(Path directory, String name, String text) {
        write(directory, name, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static byte[] gzip(String text) {
        return gzip(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A zip of entries, given as name, text, name, text ... */
    public static byte[] zip(String... namesAndTexts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int k = 0; k < namesAndTexts.length; k += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[k]));
                zip.write(namesAndTexts[k + 1].getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static LabelledRows open(Path directory) {
        return DataDirectory.open(SparkTest.session(), directory.toString(), Split.TRAIN, CLASSES);
    }

    /** The rows as "id label [pixel, pixel]", features times 255, in the order of the ids. */
    public static List<String> rows(LabelledRows data) {
        return data.rows().collectAsList().stream()
                .sorted(Comparator.comparingLong(row -> row.getLong(0)))
                .map(DataFiles::text)
                .toList();
    }

    private static String text(Row row) {
        List<Integer> pixels = row.<Float>getList(2).stream()
                .map(feature -> Math.round(feature * 255))
                .toList();
        return row.getLong(0) + " " + row.getInt(1) + " " + pixels;
    }

    /** The message of the failure to open a directory's training set and read it through; always one line. */
    public static String failure(Path directory) {
        return failure(() -> {
            LabelledRows data = open(directory);
            data.rows().queryExecution().toRdd().count();
        });
    }

    /** The message of the KindlingException that is thrown, or that caused what is thrown. */
    public static String failure(Runnable action) {
        Throwable thrown = catchThrowable(action::run);
        while (thrown != null && !(thrown instanceof KindlingException)) {
            thrown = thrown.getCause();
        }
        assertThat(thrown).isNotNull();
        assertThat(thrown.getMessage()).hasLineCount(1);
        return thrown.getMessage();
    }
}
