package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionPictureTest {
    private static final long[][] COUNTS = {{958, 0, 6}, {1, 1114, 33}, {14, 500, 2}};

    private static List<String> numbers(int classes) {
        return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    }

    /** Where a cell's colour can be seen: near its corner, where no digit is. */
    private static Color cell(Pixels pixels, ConfusionPicture picture, int actual, int predicted) {
        int cell = picture.cell();
        return pixels.at(picture.left() + predicted * cell + 3, picture.top() + actual * cell + 3);
    }

    @Test
    void theMoreRowsTheDarkerTheCell() {
        ConfusionPicture picture = new ConfusionPicture("title", numbers(3), COUNTS);
        Pixels pixels = new Pixels(picture);
        TreeMap<Long, Double> brightness = new TreeMap<>();
        for (int actual = 0; actual < 3; actual++) {
            for (int predicted = 0; predicted < 3; predicted++) {
                Color colour = cell(pixels, picture, actual, predicted);
                brightness.put(COUNTS[actual][predicted], Pixels.brightness(colour));
            }
        }
        assertThat(brightness).hasSize(9);
        Double before = 256.0;
        for (Double now : brightness.values()) {
            assertThat(now).isLessThan(before);
            before = now;
        }
        assertThat(cell(pixels, picture, 0, 1)).isEqualTo(Color.WHITE);
    }

    @Test
    void theColourBarGoesFromWhiteToTheDarkestCell() {
        ConfusionPicture picture = new ConfusionPicture("title", numbers(3), COUNTS);
        Pixels pixels = new Pixels(picture);
        int x = picture.left() + 3 * picture.cell() + 36;
        int top = picture.top();
        int bottom = top + Math.max(3 * picture.cell(), 120);
        for (int y = top + 2; y < bottom - 3; y++) {
            assertThat(Pixels.brightness(pixels.at(x, y))).isLessThanOrEqualTo(Pixels.brightness(pixels.at(x, y + 1)));
        }
        assertThat(Pixels.brightness(pixels.at(x, top + 2))).isLessThan(80);
        assertThat(Pixels.brightness(pixels.at(x, bottom - 2))).isGreaterThan(240);
    }

    @Test
    void theSvgHasTheSameCountsAsText() {
        String svg = new String(new ConfusionPicture("of a & b", numbers(3), COUNTS).svg(), StandardCharsets.UTF_8);
        assertThat(svg).contains("of a &amp; b", "predicted class", "actual class");
        for (long[] row : COUNTS) {
            for (long count : row) {
                assertThat(svg).containsPattern(">" + count + "\\s*</text");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, ConfusionPicture.MOST_CLASSES})
    void aFileHasLessThan300KilobytesForAnyNumberOfClasses(int classes) {
        Random random = new Random(1);
        long[][] counts = new long[classes][classes];
        for (int actual = 0; actual < classes; actual++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                counts[actual][predicted] =
                        actual == predicted ? random.nextInt(1_000_000) : Math.max(0, random.nextInt(20) - 10);
            }
        }
        ConfusionPicture picture = new ConfusionPicture("title", numbers(classes), counts);
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
    }

    @Test
    void classesHaveTheirNamesAtBothSides() {
        List<String> names = List.of("a", "b<", "c");
        String svg = new String(new ConfusionPicture("title", names, COUNTS).svg(), StandardCharsets.UTF_8);
        for (String name : List.of("a", "b&lt;", "c")) {
            assertThat(svg.split(">" + name + "\\s*</text", -1)).hasSize(3);
        }
        assertThat(svg).doesNotContain("matrix(0,-1,1,0,0,0)");
    }

    @Test
    void longNamesReadUpwardsAndVeryLongOnesAreShortened() {
        List<String> names = List.of("versicolor", "running along the beach at sunrise or at sunset", "c");
        ConfusionPicture picture = new ConfusionPicture("title", names, COUNTS);
        String svg = new String(picture.svg(), StandardCharsets.UTF_8);
        assertThat(svg.split(">versicolor\\s*</text", -1)).hasSize(3);
        assertThat(svg).contains("running", "\u2026", "sunset").doesNotContain(names.get(1));
        assertThat(picture.left()).isBetween(180, 220);
        assertThat(picture.top()).isBetween(220, 260);
        Pixels pixels = new Pixels(picture);
        assertThat(cell(pixels, picture, 1, 1)).isNotEqualTo(Color.WHITE);
        assertThat(cell(pixels, picture, 0, 1)).isEqualTo(Color.WHITE);
    }
}
