package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplanationPictureTest {
    private static Bars bars(String title, int count, int highlighted) {
        Random random = new Random(2);
        return new Bars(
                title,
                "formula",
                IntStream.range(0, count).mapToObj(k -> title + "_name_" + k).toList(),
                random.doubles(count, -1, 1).toArray(),
                highlighted);
    }

    private static ExplanationPicture picture(ExplainedInputs inputs, int layers, String title) {
        Bars[] forward = new Bars[2 * layers];
        Bars[] backward = new Bars[2 * layers];
        Arrays.setAll(forward, k -> bars("forward " + k, ExplanationPicture.MOST_BARS, 0));
        Arrays.setAll(backward, k -> k % 2 == 0 ? null : bars("backward " + k, ExplanationPicture.MOST_BARS, 0));
        return new ExplanationPicture(
                title,
                ", label c: predicted d",
                "subtitle",
                inputs,
                Arrays.asList(forward),
                Arrays.asList(backward),
                List.of("one weight", "a line"),
                bars("shards", 16, -1));
    }

    private static ExplainedColumns columns(int count) {
        return new ExplainedColumns(
                bars("input", count, 1),
                IntStream.range(0, count).mapToObj(k -> k + ".5").toList(),
                bars("gradient", count, 1));
    }

    private static boolean has(Pixels pixels, int left, int right) {
        return IntStream.range(0, pixels.height())
                .anyMatch(y -> IntStream.range(left, right).anyMatch(x -> pixels.isColour(x, y, Pen.LINES[1])));
    }

    @Test
    void columnsAreBarsWithNamesAndValuesAndTheOneOfTheWeightStandsOut() {
        ExplanationPicture picture = picture(columns(4), 1, "title");
        String svg = new String(picture.svg(), StandardCharsets.UTF_8);
        for (int k = 0; k < 4; k++) {
            assertThat(svg).contains(">input_name_" + k, ">gradient_name_" + k, ">" + k + ".5");
        }
        assertThat(svg).doesNotContain("<image ");
        Pixels pixels = new Pixels(picture);
        int scale = pixels.width() / picture.width();
        assertThat(has(pixels, 0, scale * 200)).isTrue();
        ExplainedColumns plain = new ExplainedColumns(bars("input", 4, -1), List.of(), bars("gradient", 4, -1));
        assertThat(has(new Pixels(picture(plain, 1, "title")), 0, scale * 200)).isFalse();
    }

    @Test
    void pixelsAreImages() {
        ExplainedPixels pixels = new ExplainedPixels(new float[784], new float[784], "gradient into unit 3", 5);
        String svg = new String(picture(pixels, 2, "title").svg(), StandardCharsets.UTF_8);
        assertThat(svg.split("<image ", -1)).hasSize(3);
        assertThat(svg).contains("28 x 28 pixels", "gradient into unit 3").doesNotContain("NaN");
    }

    @Test
    void aLongTitleIsShortenedToTheWidthOfThePicture() {
        ExplanationPicture picture = picture(columns(3), 1, "row where " + "a = 1 and ".repeat(500) + "b = 2");
        String svg = new String(picture.svg(), StandardCharsets.UTF_8);
        assertThat(svg)
                .contains("row where a = 1", "\u2026", "b = 2, label c: predicted d")
                .hasSizeLessThan(300_000);
    }

    @Test
    void aFileHasLessThan300Kilobytes() {
        ExplanationPicture picture = picture(columns(ExplanationPicture.MOST_BARS), 3, "title");
        assertThat(picture.png()).hasSizeLessThan(300_000);
        assertThat(picture.svg()).hasSizeLessThan(300_000);
    }
}
