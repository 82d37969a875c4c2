package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurvesPictureTest {
    private static CurvesPicture.Curve curve(String name, double... values) {
        double[] steps =
                IntStream.rangeClosed(1, values.length).asDoubleStream().toArray();
        return new CurvesPicture.Curve(name, steps, values);
    }

    /** The middle height of a colour's pixels in each column of the plot, left of the legend, from left to right. */
    private static double[] heights(Pixels pixels, Color colour) {
        return IntStream.range(0, pixels.width() * 3 / 4)
                .mapToObj(x -> IntStream.range(0, pixels.height()).filter(y -> pixels.isColour(x, y, colour)))
                .map(column -> column.average().orElse(Double.NaN))
                .mapToDouble(Double::doubleValue)
                .filter(y -> !Double.isNaN(y))
                .toArray();
    }

    @Test
    void eachCurveIsWhereItsValuesAre() {
        CurvesPicture picture = new CurvesPicture(
                "title",
                "subtitle",
                List.of(new CurvesPicture.Chart("loss", List.of(curve("falls", 4, 3, 2, 1, 0), curve("stays", 1, 1)))));
        Pixels pixels = new Pixels(picture);
        double[] falls = heights(pixels, Pen.LINES[0]);
        double[] stays = heights(pixels, Pen.LINES[1]);
        int step = stays.length;
        assertThat(falls).hasSizeGreaterThan(3 * step).isSorted();
        double unit = falls[step] - falls[0];
        assertThat(unit).isGreaterThan(20);
        for (int k = 0; k <= 3; k++) {
            assertThat(falls[k * step]).isCloseTo(falls[0] + k * unit, within(0.1 * unit));
        }
        for (double y : stays) {
            assertThat(y).isCloseTo(falls[0] + 3 * unit, within(0.1 * unit));
        }
    }

    /** What a loss looks like: down to a noise. */
    private static double[] learning(Random random, int steps) {
        return IntStream.range(0, steps)
                .mapToDouble(step -> 2 * Math.exp(-step / 1_000.0) + 0.1 * random.nextDouble())
                .toArray();
    }

    @Test
    void aLongCurveIsDrawnAsMeansOfNeighbours() {
        CurvesPicture.Curve averaged = CurvesPicture.averaged(curve("long", 0, 1, 2, 3, 4, 5, 6, 7), 4);
        assertThat(averaged.steps()).containsExactly(1.5, 3.5, 5.5, 7.5);
        assertThat(averaged.values()).containsExactly(0.5, 2.5, 4.5, 6.5);
    }

    @Test
    void aFileHasLessThan300KilobytesWithManyLongCurves() {
        Random random = new Random(2);
        List<CurvesPicture.Curve> curves = IntStream.range(0, 12)
                .mapToObj(k -> curve("rate " + k, learning(random, 20_000)))
                .toList();
        CurvesPicture picture =
                new CurvesPicture("title", "subtitle", List.of(new CurvesPicture.Chart("accuracy", curves)));
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
        CurvesPicture.Chart chart = new CurvesPicture.Chart("loss", curves.subList(0, 2));
        CurvesPicture learning = new CurvesPicture("title", "subtitle", List.of(chart, chart));
        assertThat(learning.png()).hasSizeLessThan(300_000);
        assertThat(learning.svg()).hasSizeLessThan(300_000);
    }
}
