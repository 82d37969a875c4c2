package dev.kindling.data.files;

import static dev.kindling.data.files.DataFiles.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFoldersTest {
    @TempDir
    Path directory;

    private void write(String name, BufferedImage image) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
    }

    /** Of 3 x 2 pixels, the last of which is this. */
    private static BufferedImage picture(int type, int argb) {
        BufferedImage image = new BufferedImage(3, 2, type);
        image.setRGB(2, 1, argb);
        return image;
    }

    private static BufferedImage grey(int value) {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(2, 1, 0, value);
        return image;
    }

    private ImageFolders.Opened open(Split split) {
        return ImageFolders.open(SparkTest.session(), directory.toString(), split);
    }

    /** As "label last-pixel", and all others have to be black. */
    private static List<String> text(ImageFolders.Opened pictures) {
        return pictures.rows().collectAsList().stream()
                .map(ImageFoldersTest::text)
                .toList();
    }

    private static String text(Row row) {
        byte[] features = row.getAs("features");
        assertThat(features).hasSize(6).startsWith(0, 0, 0, 0, 0);
        return row.getString(1) + " " + (features[5] & 0xff);
    }

    @Test
    void aFolderIsAClass() throws IOException {
        write("7/a.png", grey(70));
        write("7/b.png", grey(71));
        write("10/a.png", grey(100));
        write(".hidden/a.png", grey(1));
        write("7/.a.png", grey(1));
        Files.writeString(directory.resolve("7/readme.txt"), "no picture");
        Files.writeString(directory.resolve("labels.csv"), "no picture");
        ImageFolders.Opened pictures = open(Split.TRAIN);
        assertThat(text(pictures)).containsExactly("10 100", "7 70", "7 71");
        assertThat(pictures.rows().schema()).isEqualTo(ImageFolders.SCHEMA);
        assertThat(pictures.rows().first().getString(0)).endsWith("/10/a.png");
        assertThat(pictures.count()).isEqualTo(3);
        assertThat(pictures.width()).isEqualTo(3);
        assertThat(pictures.height()).isEqualTo(2);
        assertThat(pictures.labels()).containsExactly("10", "7");
    }

    @ParameterizedTest
    @CsvSource({"train, test", "training, testing", "Train, Test"})
    void trainingAndTestDataMayHaveFoldersAbove(String train, String test) throws IOException {
        write(train + "/0/1.png", grey(1));
        write(test + "/1/2.png", grey(2));
        assertThat(text(open(Split.TRAIN))).containsExactly("0 1");
        assertThat(text(open(Split.TEST))).containsExactly("1 2");
    }

    @Test
    void greyStaysAsItIs() throws IOException {
        for (int value = 0; value < 256; value++) {
            assertThat(GreyBytes.of(grey(value))[5] & 0xff).isEqualTo(value);
            int argb = 0xff000000 | value * 0x10101;
            assertThat(GreyBytes.of(picture(BufferedImage.TYPE_INT_RGB, argb))[5] & 0xff)
                    .isEqualTo(value);
        }
        BufferedImage fine = new BufferedImage(3, 2, BufferedImage.TYPE_USHORT_GRAY);
        fine.getRaster().setSample(2, 1, 0, 0x80ff);
        write("a/fine.png", fine);
        write("a/two.png", picture(BufferedImage.TYPE_BYTE_BINARY, -1));
        assertThat(text(open(Split.TRAIN))).containsExactly("a 128", "a 255");
    }

    @ParameterizedTest
    @CsvSource({"ffff0000, 76", "ff00ff00, 150", "ff0000ff, 29", "80ffffff, 128", "00ffffff, 0", "ffffffff, 255"})
    void colourIsWeighedAndWhatIsTransparentIsBlack(String argb, int expected) throws IOException {
        write("a/1.png", picture(BufferedImage.TYPE_INT_ARGB, Integer.parseUnsignedInt(argb, 16)));
        assertThat(text(open(Split.TRAIN))).containsExactly("a " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bmp", "png", "PNG"})
    void otherFormatsAreRead(String format) throws IOException {
        write("a/1." + format, picture(BufferedImage.TYPE_BYTE_BINARY, -1));
        assertThat(text(open(Split.TRAIN))).containsExactly("a 255");
    }

    @Test
    void gifIsRead() throws IOException {
        BufferedImage image =
                new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_BINARY); // of small ones the JDK loses pixels
        image.setRGB(27, 27, -1);
        write("a/1.gif", image);
        byte[] features = open(Split.TRAIN).rows().first().getAs("features");
        assertThat(features).hasSize(784).endsWith(0, 255);
    }

    @Test
    void jpegIsReadAsGoodAsItIs() throws IOException {
        write("a/1.jpg", grey(0));
        assertThat(text(open(Split.TRAIN))).containsExactly("a 0");
    }

    @Test
    void pathsMayHaveSpacesAndBrackets() throws IOException {
        write("a [b] {c} d%20e/1 2.png", grey(9));
        assertThat(text(open(Split.TRAIN))).containsExactly("a [b] {c} d%20e 9");
    }

    @Test
    void aPictureThatIsDamagedOrOfAnotherSizeIsNamed() throws IOException {
        write("a/1.png", grey(1));
        write("a/2.png", new BufferedImage(2, 3, BufferedImage.TYPE_BYTE_GRAY));
        assertThat(failure(() -> open(Split.TRAIN).rows().collectAsList()))
                .endsWith("/a/2.png: found 2 x 3 pixels, expected 3 x 2, as the first picture has");
        Files.writeString(directory.resolve("a/2.png"), "no picture");
        assertThat(failure(() -> open(Split.TRAIN).rows().collectAsList()))
                .endsWith("/a/2.png: found no picture, expected PNG, JPEG, GIF or BMP");
        byte[] whole = Files.readAllBytes(directory.resolve("a/1.png"));
        DataFiles.write(directory, "a/2.png", Arrays.copyOf(whole, whole.length / 2));
        assertThat(failure(() -> open(Split.TRAIN).rows().collectAsList())).contains("cannot read '", "/a/2.png'");
    }

    @Test
    void whereThereAreNoPicturesThatIsSaid() throws IOException {
        String expected =
                ": found no pictures for %s, expected a folder for each class with .png, .jpg, .gif or .bmp files,"
                        + " right there or in folders called train and test";
        assertThat(failure(() -> open(Split.TRAIN))).isEqualTo(directory + expected.formatted("training"));
        write("1/1.png", grey(1));
        assertThat(failure(() -> open(Split.TEST))).isEqualTo(directory + expected.formatted("testing"));
        assertThat(failure(() -> ImageFolders.open(SparkTest.session(), directory + "/missing", Split.TRAIN)))
                .isEqualTo(directory + "/missing: found nothing there, expected a directory");
    }
}
