package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.CLASSES;
import static dev.kindling.data.files.DataFiles.IMAGE_MAGIC;
import static dev.kindling.data.files.DataFiles.LABEL_MAGIC;
import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.gzip;
import static dev.kindling.data.files.DataFiles.idx;
import static dev.kindling.data.files.DataFiles.images;
import static dev.kindling.data.files.DataFiles.labels;
import static dev.kindling.data.files.DataFiles.open;
import static dev.kindling.data.files.DataFiles.rows;
import static dev.kindling.data.files.DataFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxRowsTest {
    private static final String IMAGES = "train-images-idx3-ubyte";
    private static final String LABELS = "train-labels-idx1-ubyte";

    @TempDir
    Path directory;

    /** Writes both files, compressed or not. */
    private void write(byte[] images, byte[] labels, boolean compressed) {
        DataFiles.write(directory, compressed ? IMAGES + ".gz" : IMAGES, compressed ? gzip(images) : images);
        DataFiles.write(directory, compressed ? LABELS + ".gz" : LABELS, compressed ? gzip(labels) : labels);
    }

    private String failureOf(byte[] images, byte[] labels) {
        write(images, labels, false);
        return failure(directory);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsHaveTheirPixelsAndLabelInTheOrderOfTheFile(boolean compressed) {
        write(images(3), labels(3), compressed);
        LabelledRows data = open(directory);
        assertThat(data.features()).isEqualTo(6);
        assertThat(data.count()).isEqualTo(3);
        assertThat(rows(data))
                .containsExactly("0 0 [0, 1, 2, 3, 4, 5]", "1 1 [6, 7, 8, 9, 10, 11]", "2 2 [12, 13, 14, 15, 16, 17]");
    }

    @Test
    void pixelsAbove127AreNotNegative() {
        write(idx(256, 256, IMAGE_MAGIC, 1, 16, 16), labels(1), false);
        assertThat(rows(open(directory)))
                .containsExactly("0 0 " + IntStream.range(0, 256).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 101})
    void aTaskReadsEachRangeOfRows(int count) {
        write(images(count), labels(count), true);
        LabelledRows data = open(directory);
        assertThat(data.rows().toJavaRDD().getNumPartitions()).isEqualTo(Math.min(2, count));
        assertThat(data.rows().toJavaRDD().map(row -> row.getLong(0)).collect())
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(id -> (long) id).toList());
    }

    @Test
    void aJobMayLeaveOffBeforeTheLastRow() {
        write(images(100), labels(100), true);
        assertThat(open(directory).rows().first().getLong(0)).isZero();
    }

    @Test
    void gzipOfSeveralMembersIsRead() {
        byte[] all = images(4);
        byte[] head = gzip(Arrays.copyOf(all, 20));
        byte[] tail = gzip(Arrays.copyOfRange(all, 20, all.length));
        byte[] members = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, members, head.length, tail.length);
        DataFiles.write(directory, IMAGES + ".gz", members);
        DataFiles.write(directory, LABELS, labels(4));
        assertThat(rows(open(directory))).hasSize(4).last().isEqualTo("3 3 [18, 19, 20, 21, 22, 23]");
    }

    @Test
    void imagesOfAnotherTypeAreRefused() {
        assertThat(failureOf(idx(6, 256, 0x0d03, 1, 2, 3), labels(1)))
                .isEqualTo(directory + "/" + IMAGES + ": found magic number 0x00000d03, expected 0x00000803"
                        + " (IDX, unsigned bytes, 3 dimensions)");
    }

    @Test
    void labelsOfAnotherTypeAreRefused() {
        assertThat(failureOf(images(1), idx(1, 10, IMAGE_MAGIC, 1)))
                .contains(LABELS + ": found magic number 0x00000803, expected 0x00000801");
    }

    /** Integers, as QMNIST has them: in a dimension, or the first of three in a row. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void labelsMayBeIntegers(int columns) {
        int rows = 101;
        ByteBuffer bytes = ByteBuffer.allocate(100 + Integer.BYTES * columns * rows);
        bytes.putInt(columns == 1 ? 0x0c01 : 0x0c02).putInt(rows);
        if (columns > 1) {
            bytes.putInt(columns);
        }
        for (int k = 0; k < rows * columns; k++) {
            bytes.putInt(k % columns == 0 ? k / columns % CLASSES : 1_000_000);
        }
        byte[] labels = Arrays.copyOf(bytes.array(), bytes.position());
        DataFiles.write(directory, IMAGES, images(rows));
        String name = columns == 1 ? "train-labels-idx1-int" : "train-labels-idx2-int";
        DataFiles.write(directory, name, labels);
        assertThat(open(directory).rows().select("label").collectAsList())
                .extracting(row -> row.getInt(0))
                .containsExactlyElementsOf(
                        IntStream.range(0, rows).mapToObj(k -> k % CLASSES).toList());
        labels[labels.length - Integer.BYTES * columns] = -1;
        DataFiles.write(directory, name, labels);
        assertThat(failure(directory)).contains(name + " row 100: found label -1677721", "expected 0 to 9");
        DataFiles.write(directory, name, Arrays.copyOf(labels, labels.length - 1));
        assertThat(failure(directory)).contains(name + ": found " + (labels.length - 1) + " bytes, expected ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 16_385})
    void rowsOfLabelsOfAnAbsurdLengthAreRefused(int columns) {
        DataFiles.write(directory, IMAGES, images(1));
        DataFiles.write(directory, "train-labels-idx2-int", idx(0, 1, 0x0c02, 1, columns));
        assertThat(failure(directory))
                .contains("found rows of " + columns + " numbers in its header, expected 1 to 16384 in all");
    }

    @Test
    void fileThatEndsInItsHeaderIsRefused() {
        assertThat(failureOf(Arrays.copyOf(images(1), 10), labels(1))).contains(IMAGES + ": ends in its header");
        assertThat(failureOf(images(1), new byte[0])).contains(LABELS + ": ends in its header");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void setWithoutRowsIsRefused(int count) {
        assertThat(failureOf(idx(0, 1, IMAGE_MAGIC, count, 2, 3), labels(0)))
                .contains(IMAGES + ": found " + count + " rows in its header, expected at least 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 x 28",
                "28 x 0",
                "-1 x -1",
                "65537 x 1",
                "257 x 256",
                "65536 x 65536",
                "2147483647 x 2147483647"
            })
    void imageSizesThatAreAbsurdAreRefused(String size) {
        int[] sizes =
                Arrays.stream(size.split(" x ", 2)).mapToInt(Integer::parseInt).toArray();
        assertThat(failureOf(idx(0, 1, IMAGE_MAGIC, 1, sizes[0], sizes[1]), labels(1)))
                .contains(IMAGES + ": found images of " + size + " pixels");
    }

    @Test
    void largestImageSizeIsRead() {
        write(idx(65_536, 256, IMAGE_MAGIC, 1, 256, 256), labels(1), false);
        assertThat(rows(open(directory))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void absurdCountIsRefusedBeforeAnyRowIsRead(boolean compressed) {
        write(
                idx(6, 256, IMAGE_MAGIC, Integer.MAX_VALUE, 256, 256),
                idx(1, 10, LABEL_MAGIC, Integer.MAX_VALUE),
                compressed);
        assertThat(failure(() -> open(directory)))
                .contains(IMAGES, "for the 2147483647 rows in its header")
                .contains("140737488289808");
    }

    @Test
    void plainFileOfAnotherLengthIsRefusedBeforeAnyRowIsRead() {
        byte[] whole = images(2);
        write(Arrays.copyOf(whole, whole.length - 1), labels(2), false);
        assertThat(failure(() -> open(directory))).contains(IMAGES + ": found 27 bytes, expected 28 for the 2 rows");
        write(Arrays.copyOf(whole, whole.length + 1), labels(2), false);
        assertThat(failure(() -> open(directory))).contains(IMAGES + ": found 29 bytes, expected 28 for the 2 rows");
        write(whole, Arrays.copyOf(labels(2), 11), false);
        assertThat(failure(() -> open(directory))).contains(LABELS + ": found 11 bytes, expected 10 for the 2 rows");
    }

    @Test
    void gzipOfTooFewBytesIsRefused() {
        write(Arrays.copyOf(images(9), 16 + 6 * 9 - 1), labels(9), true);
        assertThat(failure(directory)).contains(IMAGES + ".gz: ends in row 8 of 9");
        write(images(9), Arrays.copyOf(labels(9), 8 + 2), true);
        assertThat(failure(directory)).containsPattern(LABELS + "\\.gz: ends in row [24] of 9");
    }

    @Test
    void gzipOfTooManyBytesIsRefused() {
        byte[] images = images(9);
        write(Arrays.copyOf(images, images.length + 1), labels(9), true);
        assertThat(failure(directory)).contains(IMAGES + ".gz: found bytes after the last row, expected the 9 rows");
        write(images, Arrays.copyOf(labels(9), 8 + 10), true);
        assertThat(failure(directory)).contains(LABELS + ".gz: found bytes after the last row");
    }

    @Test
    void gzipThatIsCutOffIsRefused() {
        byte[] gzip = gzip(images(500));
        DataFiles.write(directory, LABELS, labels(500));
        for (int length : new int[] {0, 1, 5, 11, 300, gzip.length - 9, gzip.length - 4, gzip.length - 1}) {
            DataFiles.write(directory, IMAGES + ".gz", Arrays.copyOf(gzip, length));
            assertThat(failure(directory))
                    .contains(IMAGES + ".gz: ")
                    .containsAnyOf("its end is missing", "is not gzip");
        }
    }

    @Test
    void gzipWithBytesBehindItIsRefused() {
        byte[] gzip = gzip(images(5));
        DataFiles.write(directory, IMAGES + ".gz", Arrays.copyOf(gzip, gzip.length + 20));
        DataFiles.write(directory, LABELS, labels(5));
        assertThat(failure(directory)).contains(IMAGES + ".gz: cannot be decompressed: not a gzip file");
    }

    @Test
    void gzipWithAFlippedBitIsRefused() {
        byte[] gzip = gzip(images(500));
        gzip[gzip.length - 6] ^= 1; // in the checksum
        DataFiles.write(directory, IMAGES + ".gz", gzip);
        DataFiles.write(directory, LABELS, labels(500));
        assertThat(failure(directory)).contains(IMAGES + ".gz: cannot be decompressed: gzip stream CRC failure");
    }

    @Test
    void fileThatIsNotGzipIsRefused() {
        DataFiles.write(directory, IMAGES + ".gz", images(5));
        DataFiles.write(directory, LABELS, labels(5));
        assertThat(failure(directory))
                .isEqualTo(directory + "/" + IMAGES + ".gz: is not gzip: found first bytes '00 00', expected '1f 8b'");
    }

    @Test
    void otherNumberOfLabelsIsRefused() {
        assertThat(failureOf(images(3), labels(4)))
                .contains(LABELS + ": found 4 labels, expected 3, one for each image of ");
    }

    @Test
    void labelOutOfRangeIsRefusedWithItsRow() {
        assertThat(failureOf(images(200), idx(200, 11, LABEL_MAGIC, 200)))
                .containsPattern(LABELS + " row (10|109): found label 10, expected 0 to 9"); // the first of each task
    }

    @Test
    void aColumnOfTheLabelIsRefused() {
        write(images(2), labels(2), false);
        assertThat(failure(() -> DataDirectory.open(
                        SparkTest.session(), directory.toString(), Split.TRAIN, CLASSES, Optional.of("y"))))
                .startsWith("label: found y, expected none for ")
                .endsWith(": IDX has its labels in a file of their own");
    }
}
