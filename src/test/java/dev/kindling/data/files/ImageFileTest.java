package dev.kindling.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.error.KindlingException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {
    @TempDir
    private Path temporary;

    private ImageFile read(BufferedImage image) throws IOException {
        Path file = temporary.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        return ImageFile.read(new Configuration(), file.toString(), 28);
    }

    private static BufferedImage blank(int width, int height, Color background) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setColor(background);
        g.fillRect(0, 0, width, height);
        g.dispose();
        return image;
    }

    /** A bar from top to bottom, off centre. */
    private static BufferedImage bar(int width, int height, Color background, Color ink) {
        BufferedImage image = blank(width, height, background);
        Graphics2D g = image.createGraphics();
        g.setColor(ink);
        g.setStroke(new BasicStroke(20));
        g.drawLine(40, 50, 40, height - 50);
        g.dispose();
        return image;
    }

    private static double sum(float[] pixels) {
        double sum = 0;
        for (float pixel : pixels) {
            sum += pixel;
        }
        return sum;
    }

    @Test
    void aPictureOfTheRightSizeIsTakenAsItIs() throws IOException {
        BufferedImage image = blank(28, 28, Color.BLACK);
        image.setRGB(5, 3, 0xff808080);
        ImageFile file = read(image);
        assertThat(file.changes()).isEqualTo("28 x 28 pixels");
        assertThat(file.pixels()[3 * 28 + 5]).isCloseTo(128 / 255f, within(1e-3f));
        assertThat(sum(file.pixels())).isCloseTo(128 / 255.0, within(1e-3));
    }

    @Test
    void inkOnPaperIsInvertedAndSaidSo() throws IOException {
        BufferedImage image = blank(28, 28, Color.WHITE);
        image.setRGB(5, 3, Color.BLACK.getRGB());
        ImageFile file = read(image);
        assertThat(file.changes()).contains("inverted");
        assertThat(file.pixels()[3 * 28 + 5]).isEqualTo(1);
        assertThat(sum(file.pixels())).isCloseTo(1, within(1e-5));
    }

    @Test
    void transparentPaperIsWhite() throws IOException {
        assertThat(read(blank(28, 28, new Color(0, 0, 0, 0))).changes()).contains("inverted");
    }

    @Test
    void aLargePictureIsCutToItsFigureScaledAndCentred() throws IOException {
        ImageFile file = read(bar(300, 400, Color.WHITE, Color.BLACK));
        assertThat(file.changes()).contains("300 x 400", "inverted", "scaled into 28 x 28 and centred");
        double x = 0;
        double y = 0;
        int rows = 0;
        for (int row = 0; row < 28; row++) {
            float widest = 0;
            for (int column = 0; column < 28; column++) {
                float pixel = file.pixels()[row * 28 + column];
                x += pixel * (column + 0.5);
                y += pixel * (row + 0.5);
                widest = Math.max(widest, pixel);
            }
            rows += widest > 0.5 ? 1 : 0;
        }
        assertThat(x / sum(file.pixels())).isCloseTo(14, within(0.1));
        assertThat(y / sum(file.pixels())).isCloseTo(14, within(0.1));
        assertThat(rows).isEqualTo(20);
        assertThat(read(bar(300, 400, Color.BLACK, Color.WHITE)).pixels())
                .containsExactly(file.pixels(), within(0.01f));
    }

    @Test
    void whatIsNoPictureEmptyOrHugeIsOneLine() throws IOException {
        Assertions.assertThatThrownBy(() -> read(blank(100, 100, Color.WHITE)))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("nothing but background");
        Path text = Files.writeString(temporary.resolve("text.png"), "no picture");
        Assertions.assertThatThrownBy(() -> ImageFile.read(new Configuration(), text.toString(), 28))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("found no picture");
        Path huge = Files.write(temporary.resolve("huge.png"), hugeHeader());
        Assertions.assertThatThrownBy(() -> ImageFile.read(new Configuration(), huge.toString(), 28))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("100000 x 100000 pixels, expected at most 4096 x 4096");
        Assertions.assertThatThrownBy(() -> ImageFile.read(new Configuration(), temporary + "/none.png", 28))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("cannot read");
    }

    /** A PNG that claims 10^10 pixels in its first chunk. */
    private static byte[] hugeHeader() {
        ByteBuffer header = ByteBuffer.allocate(8 + 25);
        header.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}).putInt(13);
        header.put(new byte[] {'I', 'H', 'D', 'R'}).putInt(100_000).putInt(100_000);
        header.put(new byte[] {8, 0, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array(), 12, 17);
        header.putInt((int) crc.getValue());
        return header.array();
    }
}
