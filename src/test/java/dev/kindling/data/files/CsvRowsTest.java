package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.failure;
import static dev.kindling.data.files.DataFiles.gzip;
import static dev.kindling.data.files.DataFiles.open;
import static dev.kindling.data.files.DataFiles.rows;
import static dev.kindling.data.files.DataFiles.write;
import static dev.kindling.data.files.DataFiles.zip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
    private static final String NAME = "x_train.csv";

    @TempDir
    Path directory;

    /** A line of label 1 and so many pixels. */
    private static String line(int pixels) {
        return "1" + ",7".repeat(pixels) + "\n";
    }

    private String failureOf(String text) {
        write(directory, NAME, text);
        return failure(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3,0,255\n4,1,2\n",
                "3,0,255\n4,1,2",
                "3,0,255\r\n4,1,2\r\n",
                "label,1x1,1x2\n3,0,255\n4,1,2\n",
                "label,0,1\n3,0,255\n4,1,2\n",
                "label,1x1,1x2\r\n3,0,255\r\n4,1,2",
                " 3 ,\t0, 255 \n4,1,2\n",
                "03,000,0255\n4,1,2\n",
                "3,0,255\n4,1,2\n\n\n",
                "3,0,255\n4,1,2\r\n\r\n  \n",
                "\ufeff3,0,255\n4,1,2\n",
                "\ufefflabel,1x1,1x2\n3,0,255\n4,1,2\n",
            })
    void rowsAreReadWhateverTheHeaderLineEndsAndSpaces(String text) {
        write(directory, NAME, text);
        LabelledRows data = open(directory);
        assertThat(data.count()).isEqualTo(2);
        assertThat(data.features()).isEqualTo(2);
        assertThat(rows(data)).containsExactly("0 3 [0, 255]", "1 4 [1, 2]");
    }

    @Test
    void blankLinesAtTheEndMayFillAWholeTask() {
        write(directory, NAME, "1,2\n" + "\n".repeat(5_000));
        assertThat(rows(open(directory))).containsExactly("0 1 [2]");
    }

    @Test
    void everyCutOfAPlainFileGivesTheSameRows() {
        // Two tasks cut the file in the middle: lines of every length put the cut at every place in a line.
        for (int extra = 0; extra < 12; extra++) {
            String text = "1,2,3\r\n" + "4,5," + " ".repeat(extra) + "6\r\n" + "7,8,9\r\n";
            write(directory, NAME, text);
            assertThat(rows(open(directory))).containsExactly("0 1 [2, 3]", "1 4 [5, 6]", "2 7 [8, 9]");
        }
    }

    @Test
    void longFileIsReadInOrderFromPlainGzipAndZip() {
        Random random = new Random(1);
        String text = "label" + ",p".repeat(50) + "\n"
                + IntStream.range(0, 3_000)
                        .mapToObj(row -> row % 10
                                + random.ints(50, 0, 256)
                                        .mapToObj(pixel -> "," + pixel)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining("\n"));
        write(directory, NAME, text);
        var plain = rows(open(directory));
        assertThat(plain).hasSize(3_000);
        String[] lines = text.split("\n", -1);
        for (int row = 0; row < 3_000; row += 7) {
            assertThat(plain.get(row).replaceAll("[\\[\\]]", "").replace(", ", ","))
                    .isEqualTo(row + " " + lines[row + 1].replaceFirst(",", " "));
        }
        assertThat(directory.resolve(NAME).toFile().delete()).isTrue();
        write(directory, NAME + ".gz", gzip(text));
        assertThat(rows(open(directory))).isEqualTo(plain);
        assertThat(directory.resolve(NAME + ".gz").toFile().delete()).isTrue();
        write(directory, "archive.zip", zip("readme.txt", "hello", "deep/" + NAME, text));
        assertThat(rows(open(directory))).isEqualTo(plain);
    }

    @Test
    void entryNamesThatClimbOutOfTheZipAreOnlyNames() {
        write(directory, "archive.zip", zip("../../evil\u001b_train.csv", "1,2\n3,x\n"));
        assertThat(open(directory).source()).isEqualTo(directory + "/archive.zip!../../evil?_train.csv");
        assertThat(failure(directory)).contains("/archive.zip!../../evil?_train.csv line 2: found pixel 'x'");
        assertThat(directory.toFile().list()).containsExactly("archive.zip");
    }

    @Test
    void otherNumberOfPixelsIsRefusedWithItsLine() {
        assertThat(failureOf(line(784).repeat(17) + line(783)))
                .isEqualTo(directory + "/x_train.csv line 18: found 783 pixels, expected 784");
        assertThat(failureOf(line(784).repeat(17) + line(785) + line(784)))
                .isEqualTo(directory + "/x_train.csv line 18: found 785 pixels, expected 784");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,abc,3   | pixel 'abc'",
                "1,2,256   | pixel '256'",
                "1,2,-1    | pixel '-1'",
                "1,2,1.5   | pixel '1.5'",
                "1,2,1 5   | pixel '1 5'",
                "1,,3      | pixel ''",
                "1,2,      | pixel ''",
                "1,2,4294967297 | pixel '4294967297'",
                "1,2,99999999999999999999 | pixel '99999999999999999999'",
                "1,\u001b[31m\u00e9,3 | pixel '?[31m??'",
            })
    void pixelThatIsNotANumber0To255IsRefusedWithItsLine(String row, String found) {
        assertThat(failureOf("label,a,b\n1,2,3\n" + row + "\n1,2,3\n"))
                .isEqualTo(directory + "/x_train.csv line 3: found " + found + ", expected a whole number 0 to 255;"
                        + " other numbers are read from Parquet only, as floats or doubles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "-1", "", "x", "4294967296"})
    void labelOutOfRangeIsRefusedWithItsLine(String label) {
        assertThat(failureOf("1,2,3\n" + label + ",2,3\n"))
                .isEqualTo(directory + "/x_train.csv line 2: found label '" + label
                        + "', expected a whole number 0 to 9: number the classes from 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5x,0,0\n1,2,3\n", ",0,0\n1,2,3\n", "x5,0,0\n", "5,0,x\n1,2,3\n"})
    void aDamagedFirstRowIsNotPassedOverAsAHeader(String text) {
        assertThat(failureOf(text)).contains("line 1: found ").contains("label");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b,label",
                "x,y,label",
                "species,y,class",
                "'\"a,b\",  \"c\", \" Species \"'",
                "f1,f2,LABEL",
                "1,2,Target",
                "x,class,label",
                "a,b,y",
            })
    void theHeaderSaysWhichColumnIsTheLabel(String header) {
        write(directory, NAME, header + "\n0,255,3\n1,2,4\n");
        assertThat(rows(open(directory))).containsExactly("0 3 [0, 255]", "1 4 [1, 2]");
    }

    @ParameterizedTest
    @CsvSource({"a, 0 3 [5. 7], 3 5 7", "B, 0 5 [3. 7], 3 5 7", "c d, 0 7 [3. 5], 3 5 7"})
    void aLabelOfAnotherNameIsFoundByIt(String label, String row, String line) {
        write(directory, NAME, "a,b,c d\n" + line.replace(' ', ',') + "\n");
        assertThat(rows(openWith(label))).containsExactly(row.replace('.', ','));
    }

    private LabelledRows openWith(String label) {
        return DataDirectory.open(
                SparkTest.session(), directory.toString(), Split.TRAIN, DataFiles.CLASSES, Optional.of(label));
    }

    @Test
    void aLabelThatNoColumnHasIsRefused() {
        write(directory, NAME, "a,b,label\n1,2,3\n");
        assertThat(failure(() -> openWith("z")))
                .isEqualTo("label: found z, expected one of the columns of " + directory
                        + "/x_train.csv line 1: 'a', 'b', 'label'");
        write(directory, NAME, "1,2,3\n");
        assertThat(failure(() -> openWith("z"))).startsWith("label: found z, expected none: line 1 of ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h,p | line 1: found no label column among 'h', 'p', expected one called label, class, target, species, y",
                "a,b,c,d,e,f | among 'a', 'b', 'c', 'd', 'e' and 1 more, expected one",
                "label,Label | line 1: found 2 columns called label, expected one",
                "label,a,b | line 2: found 2 columns, expected 3, as many as line 1 names",
                "label | line 1: found 1 column, expected a label and 1 to 65536 pixels, separated by commas",
            })
    void aHeaderThatDoesNotSayWhereTheLabelIsIsRefused(String header, String message) {
        assertThat(failureOf(header + "\n1,2\n")).contains(message);
    }

    @Test
    void negativeFirstLabelIsNotTakenForAHeader() {
        assertThat(failureOf("-1,2,3\n1,2,3\n")).contains("line 1: found label '-1'");
    }

    @Test
    void linesAreCountedInTheSecondHalfOfTheFileToo() {
        assertThat(failureOf("label,p\n" + "1,2\n".repeat(900) + "1,b\n")).contains("line 902: found pixel 'b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2\n\n1,2\n", "1,2\n \t\r\n1,2\n"})
    void blankLineBetweenRowsIsRefused(String text) {
        assertThat(failureOf(text)).contains("line 2: found nothing, expected a row");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "label,pixel\n", "label,pixel", "\ufeff"})
    void fileWithoutRowsIsRefused(String text) {
        assertThat(failureOf(text)).contains("/x_train.csv: found no rows, expected at least 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"5 | ''", "'' | ''", "5;1;2 | ', with '';'' in it'", "5\t1 | ', with ''\\t'' in it'"})
    void firstRowWithoutPixelsIsRefused(String line, String with) {
        assertThat(failureOf(line + "\n" + line + "\n"))
                .endsWith(" line 1: found 1 column" + with
                        + ", expected a label and 1 to 65536 pixels, separated by commas");
    }

    @Test
    void rowsOfMoreThan65536PixelsAreRefused() {
        assertThat(failureOf(line(65_537)))
                .contains("line 1: found more than 65537 columns, expected a label and 1 to 65536");
        write(directory, NAME, line(65_536) + line(65_536));
        assertThat(open(directory).features()).isEqualTo(65_536);
        assertThat(open(directory).rows().count()).isEqualTo(2);
    }

    @Test
    void lineWithoutEndIsRefusedAndNotHeld() {
        String endless = "1,2\n" + "1".repeat(70 << 20);
        assertThat(failureOf(endless)).contains("/x_train.csv: found a line of more than 4194304 bytes at byte ");
        assertThat(directory.resolve(NAME).toFile().delete()).isTrue();
        write(directory, NAME + ".gz", gzip(endless));
        assertThat(failure(directory)).contains("/x_train.csv.gz: found a line of more than 4194304 bytes at byte 4,");
        assertThat(directory.resolve(NAME + ".gz").toFile().delete()).isTrue();
        write(directory, "a.zip", zip(NAME, "1".repeat(70 << 20)));
        assertThat(failure(directory))
                .contains("/a.zip!x_train.csv: found a line of more than 4194304 bytes at byte 0,");
    }

    @Test
    void longestLineIsRead() {
        write(directory, NAME, "1,2" + " ".repeat((4 << 20) - 4) + "\n3,4\n");
        assertThat(rows(open(directory))).containsExactly("0 1 [2]", "1 3 [4]");
    }

    @Test
    void fileThatIsNotGzipIsRefused() {
        write(directory, NAME + ".gz", "1,2\n");
        assertThat(failure(directory))
                .endsWith("/x_train.csv.gz: is not gzip: found first bytes '31 2c', expected '1f 8b'");
    }

    @Test
    void gzipThatIsCutOffIsRefused() {
        byte[] gzip = gzip(line(784).repeat(100));
        write(directory, NAME + ".gz", Arrays.copyOf(gzip, gzip.length - 10));
        assertThat(failure(directory)).contains("/x_train.csv.gz: cannot be decompressed: its end is missing");
    }

    @Test
    void fileThatIsNotAZipIsRefused() {
        write(directory, "a.zip", "1,2\n");
        assertThat(failure(directory)).endsWith("/a.zip: is not zip: found first bytes '31 2c', expected '50 4b'");
    }

    @Test
    void zipThatIsCutOffIsRefused() {
        byte[] zip = zip(
                NAME,
                new Random(1)
                        .ints(9_000, 0, 256)
                        .mapToObj(pixel -> "1," + pixel + "\n")
                        .collect(Collectors.joining()));
        write(directory, "a.zip", Arrays.copyOf(zip, zip.length / 2));
        assertThat(failure(directory)).contains("/a.zip: cannot be decompressed: its end is missing");
    }

    @Test
    void zipWithAFlippedBitIsRefused() {
        byte[] zip = zip(NAME, line(784).repeat(100));
        zip[60] ^= 4;
        write(directory, "a.zip", zip);
        assertThat(failure(directory)).contains("/a.zip: cannot be decompressed: ");
    }

    @Test
    void zipWithABrokenEntryNameIsRefused() {
        byte[] zip = zip("\u00e9", "1,2\n");
        int name = new String(zip, StandardCharsets.ISO_8859_1).indexOf("\u00c3\u00a9");
        zip[name] = (byte) 0xff;
        write(directory, "a.zip", zip);
        assertThat(failure(directory)).contains("/a.zip: cannot be decompressed: ");
    }

    @Test
    void rowsThatVanishAfterTheyWereCountedAreMissed() {
        write(directory, NAME, "1,2\n3,4\n");
        LabelledRows data = open(directory);
        write(directory, NAME, "1,2\n");
        assertThat(failure(() -> data.rows().count())).contains("/x_train.csv: ");
    }

    /** Of six files one is empty, one has only a header, and one is compressed. */
    @Test
    void aFolderAsSparkWritesItIsRead() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("train.csv"));
        String header = "x,label,y\n";
        write(folder, "_SUCCESS", "");
        write(folder, ".part-00000-a.csv.crc", "no rows");
        write(folder, "part-00000-a.csv", header + "1,3,2\n3,4,4\n\n");
        write(folder, "part-00001-a.csv", "");
        write(folder, "part-00002-a.csv", header);
        write(folder, "part-00003-a.csv.gz", gzip(header + "5,5,6\n"));
        write(folder, "part-00004-a.csv", header + "7,6,8");
        LabelledRows data = open(directory);
        assertThat(data.source()).isEqualTo(directory + "/train.csv");
        assertThat(data.count()).isEqualTo(4);
        assertThat(rows(data)).containsExactly("0 3 [1, 2]", "1 4 [3, 4]", "2 5 [5, 6]", "3 6 [7, 8]");
        write(folder, "part-00005-a.csv", header + "7,6,x");
        assertThat(failure(directory)).startsWith(directory + "/train.csv/part-00005-a.csv line 2");
    }

    @Test
    void filesOfAFolderThatDoNotHaveTheSameColumnsAreRefused() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("train.csv"));
        assertThat(failure(directory)).isEqualTo(directory + "/train.csv: found no rows, expected at least 1");
        write(folder, "part-0.csv", "x,label\n1,2\n");
        write(folder, "part-1.csv", "label,x\n1,2\n");
        assertThat(failure(directory))
                .isEqualTo(folder + "/part-1.csv: found another header, expected the first line of " + folder
                        + "/part-0.csv");
        write(folder, "part-1.csv", "1,2\n");
        assertThat(failure(directory))
                .isEqualTo(
                        folder + "/part-1.csv: found no header, expected the first line of " + folder + "/part-0.csv");
        write(folder, "part-1.csv", "x,label,y\n1,2,3\n");
        assertThat(failure(directory))
                .isEqualTo(folder + "/part-1.csv: found 3 columns, expected 2, as in " + folder + "/part-0.csv");
    }
}
