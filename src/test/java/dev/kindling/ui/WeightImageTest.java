package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class WeightImageTest {
    @Test
    void whatIsBelowZeroIsBlueAndWhatIsAboveIsRed() throws IOException {
        String uri = WeightImage.uri(new float[] {-1, 0, 0.5f, 1}, 2, 1);
        byte[] png = Base64.getDecoder().decode(uri.substring("data:image/png;base64,".length()));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(new Color(image.getRGB(0, 0))).isEqualTo(new Color(0x053061));
        assertThat(new Color(image.getRGB(1, 1))).isEqualTo(new Color(0x67001f));
        Color zero = new Color(image.getRGB(1, 0));
        assertThat(zero.getBlue()).isCloseTo(zero.getRed(), org.assertj.core.api.Assertions.within(10));
        Color half = new Color(image.getRGB(0, 1));
        assertThat(half.getRed()).isGreaterThan(half.getBlue());
    }
}
