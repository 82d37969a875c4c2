package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesPictureTest {
    private static ImagesPicture noise(int images, int side) {
        Random random = new Random(3);
        return new ImagesPicture(
                "title",
                "subtitle",
                IntStream.range(0, images)
                        .mapToObj(k -> {
                            float[] pixels = new float[side * side];
                            for (int p = 0; p < pixels.length; p++) {
                                pixels[p] = random.nextFloat();
                            }
                            return new ImagesPicture.Image(pixels, List.of("label " + k, "id " + k));
                        })
                        .toList());
    }

    @Test
    void everyPixelOfEveryImageIsDrawnInItsPlaceAsInkOnPaper() {
        ImagesPicture picture = noise(14, 28);
        Pixels pixels = new Pixels(picture);
        for (int k = 0; k < picture.images().size(); k++) {
            float[] values = picture.images().get(k).pixels();
            for (int row = 1; row < 27; row++) {
                for (int column = 1; column < 27; column++) {
                    double x = picture.left(k) + (column + 0.5) * ImagesPicture.IMAGE / 28;
                    double y = picture.top(k) + (row + 0.5) * ImagesPicture.IMAGE / 28;
                    assertThat(Pixels.brightness(pixels.at(x, y)))
                            .isCloseTo(255 * (1 - values[row * 28 + column]), within(1.0));
                }
            }
        }
    }

    @Test
    void theSvgHasAnImageAndTheWordsOfEachImage() {
        String svg = new String(noise(3, 28).svg(), StandardCharsets.UTF_8);
        assertThat(svg.split("<image ", -1)).hasSize(4);
        assertThat(svg).contains("label 2", "id 2", "image-rendering:pixelated");
    }

    @Test
    void onlySquaresCanBeDrawn() {
        assertThat(ImagesPicture.canDraw(784)).isTrue();
        assertThat(ImagesPicture.canDraw(1)).isTrue();
        assertThat(ImagesPicture.canDraw(783)).isFalse();
    }

    @Test
    void aShrunkImageHasTheMeansOfItsPixels() {
        float[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        assertThat(ImagesPicture.shrunk(pixels, 2)).containsExactly(2.5f, 4.5f, 10.5f, 12.5f);
        assertThat(ImagesPicture.shrunk(pixels, 4)).isSameAs(pixels);
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "24, 28", "100, 28", "100, 64"})
    void aFileHasLessThan300KilobytesWhateverTheImages(int images, int side) {
        assertThat(noise(images, side).png()).hasSizeLessThan(300_000);
        assertThat(noise(images, side).svg()).hasSizeLessThan(300_000);
    }
}
