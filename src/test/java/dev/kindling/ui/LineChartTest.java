package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineChartTest {
    private static Document draw(boolean logarithmic, double[] x, double... y) {
        LineChart.Line line = new LineChart.Line("<line>", x, y);
        return Jsoup.parse(
                new LineChart("Loss", "step", logarithmic, List.of(line)).html().toString());
    }

    @Test
    void aLineGoesFromCornerToCornerAndEndsInAPoint() {
        Document chart = draw(false, new double[] {1, 2, 3}, 0, 1, 2);
        assertThat(chart.select("polyline").attr("points")).isEqualTo("48.0,196.0 234.0,102.0 420.0,8.0");
        assertThat(chart.select("circle").attr("cx")).isEqualTo("420.0");
        assertThat(chart.select("circle").attr("cy")).isEqualTo("8.0");
        assertThat(chart.select(".k-legend").text()).isEqualTo("<line> 2");
        assertThat(chart.select("text.k-y").eachText()).containsExactly("0", "0.500", "1", "1.500", "2");
    }

    @Test
    void whatCannotBeDrawnIsLeftOut() {
        double[] x = {1, 2, 3, 4};
        assertThat(draw(true, x, 1, 0, Double.NaN, 100).select("polyline").attr("points"))
                .isEqualTo("48.0,196.0 420.0,8.0");
        Document nothing = draw(true, x, 0, 0, -1, Double.NaN);
        assertThat(nothing.select("polyline").attr("points")).isEmpty();
        assertThat(nothing.select("circle")).isEmpty();
    }

    @Test
    void onALogarithmicScaleEachFactorIsAsHigh() {
        Document chart = draw(true, new double[] {1, 2, 3}, 1, 10, 100);
        assertThat(chart.select("polyline").attr("points")).isEqualTo("48.0,196.0 234.0,102.0 420.0,8.0");
        assertThat(chart.select("text.k-y").eachText()).containsExactly("1", "2", "5", "10", "20", "50", "100");
    }

    @Test
    void aLineThatIsFlatIsDrawnInTheMiddle() {
        assertThat(draw(false, new double[] {1, 2}, 7, 7).select("circle").attr("cy"))
                .isEqualTo("102.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0.01234, 0.012",
        "94.91, 94.9",
        "1600, '1,600'",
        "0.2000000000001, 0.200",
        "2.0000000001, 2",
        "5.5e-8, 5.5e-08",
        "1234567, 1.2e+06",
        "-3.25, -3.250"
    })
    void numbersHaveFewDigits(double value, String text) {
        assertThat(LineChart.number(value)).isEqualTo(text);
    }
}
