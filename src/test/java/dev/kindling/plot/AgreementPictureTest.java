package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.plot.AgreementPicture.Panel;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementPictureTest {
    /** Actual to the right, predicted upwards. */
    private static final long[][] COUNTS = {{100, 1, 0, 0}, {0, 10, 0, 0}, {0, 0, 1_000, 0}, {7, 0, 0, 2}};

    private static final AgreementPicture PICTURE = new AgreementPicture(
            "title", "subtitle", List.of(new Panel("price", "R2 0.9", 0, 8, COUNTS), new Panel("b", "", 5, 6, COUNTS)));

    /** Beside the middle of a cell, where the diagonal is not. */
    private static Color cell(Pixels pixels, int panel, int actual, int predicted) {
        double cell = AgreementPicture.SIDE / 4.0;
        return pixels.at(
                PICTURE.left(panel) + (actual + 0.5) * cell + 15,
                PICTURE.top(panel) + AgreementPicture.SIDE - (predicted + 0.5) * cell + 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theMoreRowsTheDarkerTheCellAndOneRowIsSeen(int panel) {
        Pixels pixels = new Pixels(PICTURE);
        double before = 250;
        for (int[] place : new int[][] {{0, 1}, {3, 3}, {3, 0}, {1, 1}, {0, 0}, {2, 2}}) {
            double now = Pixels.brightness(cell(pixels, panel, place[0], place[1]));
            assertThat(now).as("%d rows", COUNTS[place[0]][place[1]]).isLessThan(before);
            before = now;
        }
        assertThat(cell(pixels, panel, 1, 0)).isEqualTo(Color.WHITE);
        assertThat(cell(pixels, panel, 0, 3)).isEqualTo(Color.WHITE);
    }

    @Test
    void theSvgHasNamesQualityAndNumbersAtBothAxes() {
        String svg = new String(PICTURE.svg(), StandardCharsets.UTF_8);
        assertThat(svg).contains(">price", ">R2 0.9", ">actual", ">predicted", ">1,000");
        for (String tick : List.of("0", "2", "4", "6", "8")) {
            assertThat(svg.split(">" + tick + "\\s*</text", -1)).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aFileHasLessThan300KilobytesWithAsManyTargetsAsThereMayBe() {
        Random random = new Random(1);
        long[][] counts = IntStream.range(0, 52)
                .mapToObj(k -> random.longs(52, 0, 1_000_000_000).toArray())
                .toArray(long[][]::new);
        AgreementPicture picture = new AgreementPicture(
                "title",
                "subtitle",
                IntStream.range(0, AgreementPicture.MOST_PANELS)
                        .mapToObj(k -> new Panel("target " + k, "R2", -1e300, 1e308, counts))
                        .toList());
        assertThat(picture.height()).isLessThanOrEqualTo(Picture.LARGE);
        assertThat(picture.width()).isLessThanOrEqualTo(Picture.LARGE);
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
    }
}
