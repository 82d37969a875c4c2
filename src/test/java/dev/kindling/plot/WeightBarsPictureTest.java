package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.plot.WeightsPicture.Unit;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightBarsPictureTest {
    private static final Color BELOW = ColourMap.DIVERGING.at(0.2);
    private static final Color ABOVE = ColourMap.DIVERGING.at(0.8);

    private static final WeightBarsPicture PICTURE = new WeightBarsPicture(
            "title",
            "subtitle",
            List.of("age", "size"),
            List.of(
                    new Unit(new float[] {-2, 1}, "unit 1", false),
                    new Unit(new float[] {0.5f, -1}, "unit 2, dead", true)));

    private static WeightBarsPicture random(int inputs, int units) {
        Random random = new Random(5);
        return new WeightBarsPicture(
                "title",
                "subtitle",
                IntStream.range(0, inputs).mapToObj(i -> "input_" + i).toList(),
                IntStream.range(0, units)
                        .mapToObj(k -> {
                            float[] weights = new float[inputs];
                            for (int i = 0; i < inputs; i++) {
                                weights[i] = (float) random.nextGaussian();
                            }
                            return new Unit(weights, "unit " + k, false);
                        })
                        .toList());
    }

    /** The units of x at which a bar has its colour. */
    private static List<Integer> bar(Pixels pixels, int unit, int bar, Color colour) {
        int left = PICTURE.left(unit);
        double y = PICTURE.top(unit) + new Bars("", "", List.of(), new double[0], -1).head() + (bar + 0.5) * Bars.BAR;
        return IntStream.range(left, left + WeightBarsPicture.COLUMN)
                .filter(x -> pixels.at(x, y).equals(colour))
                .boxed()
                .toList();
    }

    @Test
    void barsBelowZeroGoLeftInBlueBarsAboveGoRightInRedOnOneScale() {
        Pixels pixels = new Pixels(PICTURE);
        List<Integer> minusTwo = bar(pixels, 0, 0, BELOW);
        List<Integer> one = bar(pixels, 0, 1, ABOVE);
        List<Integer> half = bar(pixels, 1, 0, ABOVE);
        List<Integer> minusOne = bar(pixels, 1, 1, BELOW);
        assertThat(minusTwo.size()).isGreaterThan(30).isCloseTo(2 * one.size(), within(4));
        assertThat(one.size()).isCloseTo(2 * half.size(), within(4)).isCloseTo(minusOne.size(), within(4));
        assertThat(minusTwo.get(minusTwo.size() - 1)).isLessThan(one.get(0));
        assertThat(minusOne.get(minusOne.size() - 1)).isLessThan(half.get(0));
        assertThat(half.get(0) - PICTURE.left(1)).isCloseTo(one.get(0) - PICTURE.left(0), within(1));
        assertThat(bar(pixels, 0, 0, ABOVE)).isEmpty();
        assertThat(bar(pixels, 0, 1, BELOW)).isEmpty();
    }

    @Test
    void onlyADeadUnitIsCrossedOut() {
        Pixels pixels = new Pixels(PICTURE);
        for (int unit = 0; unit < 2; unit++) {
            Color frame = pixels.at(PICTURE.left(unit) - 8, PICTURE.top(unit) + 20);
            assertThat(frame).isEqualTo(unit == 0 ? Color.WHITE : Pen.INK);
        }
    }

    @Test
    void ofManyInputsEachUnitShowsItsLargestWeightsAndItIsSaidHowManyAreLeftOut() {
        WeightBarsPicture picture = random(200, 3);
        String svg = new String(picture.svg(), StandardCharsets.UTF_8);
        assertThat(svg).contains("of each unit the 12 largest weights; the other 188 are left out");
        for (Unit unit : picture.units()) {
            List<Integer> bySize = IntStream.range(0, 200)
                    .boxed()
                    .sorted((a, b) -> Float.compare(Math.abs(unit.weights()[b]), Math.abs(unit.weights()[a])))
                    .toList();
            for (int i : bySize.subList(0, WeightBarsPicture.MOST_BARS)) {
                assertThat(svg).containsPattern(">input_" + i + "\\s*</text");
            }
        }
        assertThat(svg.split(">input_", -1)).hasSize(1 + 3 * WeightBarsPicture.MOST_BARS);
        assertThat(new String(random(12, 3).svg(), StandardCharsets.UTF_8)).doesNotContain("left out");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12, 65_536})
    void aFileHasLessThan300KilobytesAndIsNoLargerThanAScreenWithAsManyUnitsAsThereMayBe(int inputs) {
        WeightBarsPicture picture = random(inputs, WeightBarsPicture.mostUnits(inputs));
        assertThat(picture.units().size()).isGreaterThanOrEqualTo(12);
        assertThat(picture.width()).isLessThanOrEqualTo(Picture.LARGE);
        assertThat(picture.height()).isLessThanOrEqualTo(Picture.LARGE);
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
    }

    @Test
    void weightsThatAreAllZeroHaveNoBars() {
        WeightBarsPicture zero =
                new WeightBarsPicture("", "", List.of("a"), List.of(new Unit(new float[1], "unit", false)));
        assertThat(new String(zero.svg(), StandardCharsets.UTF_8))
                .doesNotContain("NaN")
                .contains(">a");
    }
}
