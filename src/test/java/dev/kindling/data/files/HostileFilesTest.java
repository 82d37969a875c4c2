package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.CLASSES;
import static dev.kindling.data.files.DataFiles.gzip;
import static dev.kindling.data.files.DataFiles.images;
import static dev.kindling.data.files.DataFiles.labels;
import static dev.kindling.data.files.DataFiles.write;
import static dev.kindling.data.files.DataFiles.zip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Mutations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of damaged files, read as a task reads them: right, or refused, and in bounded memory. */
@Timeout(120) // so that a hang fails
class HostileFilesTest {
    private static final int MUTANTS = 500;
    /** What docs/design.md promises for IDX, CSV, gzip and zip. */
    private static final long MEMORY = 32 << 20;

    private static final Configuration CONF = new Configuration();
    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private DataFile file(String name, byte[] bytes) {
        write(directory, name, bytes);
        return new DataFile(directory.resolve(name).toUri().toString(), null, name, bytes.length);
    }

    /** All rows, each as its label and its pixels. */
    private static List<String> rows(RowRange range) {
        List<String> rows = new ArrayList<>();
        float[] features = new float[range.features()];
        try (RowReader reader = range.open(CONF)) {
            for (long row = 0; row < range.rows(); row++) {
                StringBuilder text = new StringBuilder().append(reader.next(features));
                for (float feature : features) {
                    text.append(',').append(Math.round(feature * 255));
                }
                rows.add(text.toString());
            }
        }
        return rows;
    }

    private static List<String> idxRows(DataFile images, DataFile labels) {
        IdxFile checked = IdxFile.images(images, CONF);
        return rows(new IdxRange(checked, IdxFile.labels(labels, CONF), CLASSES, 0, checked.items()));
    }

    private static CsvStart start(DataFile file) {
        return CsvStart.find(file, CONF, Optional.empty()).orElseThrow(() -> CsvStart.withoutRows(file.name()));
    }

    private static List<String> csvRows(DataFile file) {
        CsvStart start = start(file);
        CsvSection lines = CsvSection.first(file, CONF, start.offset(), Long.MAX_VALUE);
        return rows(new CsvRange(
                file, start.offset(), start.line(), 0, lines.filled(), start.features(), start.labelColumn(), CLASSES));
    }

    private static String csv() {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> row % CLASSES + "," + row + "," + (255 - row) + ",0\n")
                .collect(Collectors.joining("", "label,a,b,c\n", ""));
    }

    /** What the lines of a CSV file say, found in the simplest way. */
    private static List<String> plainly(byte[] csv) {
        String text = new String(csv, ISO_8859_1).replaceFirst("^\u00ef\u00bb\u00bf", "");
        return Arrays.stream(text.stripTrailing().split("\r?\n", -1))
                .skip(text.stripLeading().matches("(?s)[0-9].*") ? 0 : 1)
                .map(line -> Arrays.stream(line.split(",", -1))
                        .map(field -> String.valueOf(Integer.parseInt(field.strip())))
                        .collect(Collectors.joining(",")))
                .toList();
    }

    @Test
    void damagedImagesAndLabelsAreReadAsTheyAreOrRefused() {
        DataFile images = file("images", images(ROWS));
        DataFile labels = file("labels", labels(ROWS));
        List<String> sound = idxRows(images, labels);
        Mutations.damage(images(ROWS), MUTANTS, MEMORY, bytes -> {
            List<String> rows = idxRows(file("damaged", bytes), labels);
            assertThat(rows).hasSizeLessThanOrEqualTo(ROWS);
            assertThat(bytes).hasSize(16 + rows.size() * (rows.get(0).split(",").length - 1));
        });
        Mutations.damage(labels(ROWS), MUTANTS, MEMORY, bytes -> {
            List<String> rows = idxRows(images, file("damaged", bytes));
            assertThat(rows).hasSameSizeAs(sound);
            assertThat(bytes).startsWith(Arrays.copyOf(labels(ROWS), 7));
        });
    }

    @Test
    void damagedGzipGivesTheRowsThatWentInOrIsRefused() {
        DataFile images = file("images", images(ROWS));
        DataFile labels = file("labels", labels(ROWS));
        List<String> sound = idxRows(images, labels);
        Mutations.damage(
                gzip(images(ROWS)),
                MUTANTS,
                MEMORY,
                bytes -> assertThat(idxRows(file("damaged.gz", bytes), labels)).isEqualTo(sound));
        Mutations.damage(
                gzip(labels(ROWS)),
                MUTANTS,
                MEMORY,
                bytes -> assertThat(idxRows(images, file("damaged.gz", bytes))).isEqualTo(sound));
        Mutations.damage(
                gzip(csv()),
                MUTANTS,
                MEMORY,
                bytes -> assertThat(csvRows(file("damaged.csv.gz", bytes))).isEqualTo(plainly(csv().getBytes(UTF_8))));
    }

    @Test
    void damagedCsvIsReadAsItIsOrRefused() {
        Mutations.damage(
                csv().getBytes(UTF_8),
                2 * MUTANTS,
                MEMORY,
                bytes -> assertThat(csvRows(file("damaged.csv", bytes))).isEqualTo(plainly(bytes)));
    }

    @Test
    void damagedZipGivesTheRowsThatWentInOrIsRefused() {
        Mutations.damage(zip("readme.txt", "hello", "train.csv", csv()), MUTANTS, MEMORY, bytes -> {
            for (DataFile entry : file("damaged.zip", bytes)
                    .entries(CONF, entry -> entry.baseName().equals("train.csv"))) {
                assertThat(csvRows(entry)).isEqualTo(plainly(csv().getBytes(UTF_8)));
            }
        });
        assertThat(directory.toFile().list()).containsExactly("damaged.zip");
    }

    @Test
    void aFirstFieldOfMegabytesIsLookedAtOnce() throws Exception {
        byte[] line = ("a".repeat(4_000_000) + "1,2\n").getBytes(UTF_8); // quadratic to a pattern that goes back
        Mutations.expectReadOrRefused(line, MEMORY, bytes -> csvRows(file("train.csv", bytes)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2\n", "\n", "1"})
    void aGzipThatDecompressesToATwoHundredfoldTakesNoMoreMemory(String repeated) throws Exception {
        byte[] bomb = gzip("1,2\n" + repeated.repeat((16 << 20) / repeated.length()));
        assertThat(bomb).hasSizeLessThan((16 << 20) / 200);
        Mutations.expectReadOrRefused(bomb, MEMORY, bytes -> {
            DataFile file = file("train.csv.gz", bytes);
            CsvStart start = start(file);
            assertThat(CsvSection.first(file, CONF, start.offset(), Long.MAX_VALUE)
                            .filled())
                    .isIn(1L, 1L + (16 << 20) / 4);
        });
    }

    @Test
    void aZipOfManyFilesOfTheNameThatIsLookedForIsRefused() {
        String[] entries = IntStream.range(0, 101)
                .mapToObj(k -> List.of(k + "/" + "x".repeat(60_000) + "/train.csv", "1,2\n"))
                .flatMap(List::stream)
                .toArray(String[]::new);
        write(directory, "many.zip", zip(entries));
        assertThat(DataFiles.failure(directory)).contains("many.zip: found more than 100 files with the wanted name");
    }

    @Test
    void aZipWhoseEntryIsEncryptedIsRefused() {
        byte[] zip = zip("train.csv", "1,2\n");
        zip[6] |= 1; // flags of the first local header
        write(directory, "a.zip", zip);
        assertThat(DataFiles.failure(directory)).contains("a.zip: cannot be decompressed: encrypted");
    }

    @Test
    void utf16IsRefused() {
        write(directory, "train.csv", csv().getBytes(UTF_16));
        assertThat(DataFiles.failure(directory)).contains("train.csv line 1: found no label column among '");
    }
}
