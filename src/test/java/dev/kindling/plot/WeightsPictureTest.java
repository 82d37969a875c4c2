package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightsPictureTest {
    private static final WeightsPicture PICTURE = new WeightsPicture(
            "title",
            "subtitle",
            List.of(
                    new WeightsPicture.Unit(new float[] {-2, -1, 1, 2}, "unit 1", false),
                    new WeightsPicture.Unit(new float[] {0, 0.5f, 1, 1.5f}, "unit 2", true)));

    /** The middle of a weight's square, in which no line of a dead unit's cross is. */
    private static Color at(Pixels pixels, int unit, int weight) {
        double half = PICTURE.image() / 2.0;
        int row = weight / 2;
        int column = weight % 2;
        double aside = column == 0 ? -12 : 12;
        return pixels.at(PICTURE.left(unit) + (column + 0.5) * half + aside, PICTURE.top(unit) + (row + 0.5) * half);
    }

    @Test
    void belowZeroIsBlueAboveIsRedAndAllUnitsShareOneScale() {
        Pixels pixels = new Pixels(PICTURE);
        assertThat(at(pixels, 0, 0)).isEqualTo(ColourMap.DIVERGING.at(0));
        assertThat(at(pixels, 0, 1)).isEqualTo(ColourMap.DIVERGING.at(0.25));
        assertThat(at(pixels, 0, 2)).isEqualTo(ColourMap.DIVERGING.at(0.75)).isEqualTo(at(pixels, 1, 2));
        assertThat(at(pixels, 0, 3)).isEqualTo(ColourMap.DIVERGING.at(1));
        assertThat(at(pixels, 1, 0)).isEqualTo(new Color(0xf7f7f7));
        assertThat(at(pixels, 0, 1).getBlue()).isGreaterThan(at(pixels, 0, 1).getRed());
        assertThat(at(pixels, 0, 2).getRed()).isGreaterThan(at(pixels, 0, 2).getBlue());
    }

    @Test
    void onlyADeadUnitIsCrossedOut() {
        Pixels pixels = new Pixels(PICTURE);
        double quarter = PICTURE.image() / 4.0;
        assertThat(pixels.at(PICTURE.left(1) + quarter, PICTURE.top(1) + quarter))
                .isEqualTo(Pen.INK);
        assertThat(pixels.at(PICTURE.left(1) + 3 * quarter, PICTURE.top(1) + quarter))
                .isEqualTo(Pen.INK);
        assertThat(pixels.at(PICTURE.left(0) + quarter, PICTURE.top(0) + quarter))
                .isEqualTo(at(pixels, 0, 0));
    }

    @Test
    void aFileHasLessThan300KilobytesWithAsManyUnitsAsThereMayBe() {
        Random random = new Random(5);
        WeightsPicture picture = new WeightsPicture(
                "title",
                "subtitle",
                IntStream.range(0, WeightsPicture.MOST_UNITS)
                        .mapToObj(k -> {
                            float[] weights = new float[784];
                            for (int i = 0; i < weights.length; i++) {
                                weights[i] = (float) random.nextGaussian();
                            }
                            return new WeightsPicture.Unit(weights, "unit " + k, false);
                        })
                        .toList());
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
    }
}
