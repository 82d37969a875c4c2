package dev.kindling.ui;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over a common axis as inline SVG, with a legend that gives the last value of each. Colours come from the style
 * sheet, so that they follow dark mode.
 *
 * @param title what is drawn
 * @param xLabel what x is
 * @param logarithmic whether y is drawn as its logarithm; then points that are not above zero are left out
 * @param lines their legend and points
 */
record LineChart(String title, String xLabel, boolean logarithmic, List<Line> lines) {
    private static final int WIDTH = 440;
    private static final int HEIGHT = 230;
    private static final int LEFT = 48;
    private static final int RIGHT = 20;
    private static final int TOP = 8;
    private static final int BOTTOM = 34;
    private static final int TICKS = 5;

    /**
     * A line.
     *
     * @param x of each point, rising
     * @param y of each point; one that is not finite is left out
     */
    record Line(String name, double[] x, double[] y) {}

    /** The chart with its title and legend. */
    Html html() {
        List<Line> shown = lines.stream().map(this::shown).toList();
        Html legend = new Html();
        for (int k = 0; k < shown.size(); k++) {
            double[] y = shown.get(k).y();
            String last = y.length == 0 ? "–" : number(value(y[y.length - 1]));
            legend.add(
                    "<span class='k-line%s'>%s <b>%s</b></span> ",
                    k, shown.get(k).name(), last);
        }
        return Html.of(
                "<figure class='k-chart'><figcaption>%s by %s <span class='k-legend'>%s</span></figcaption>"
                        + "<svg viewBox='0 0 %s %s' role='img' aria-label='%s by %s'>%s</svg></figure>",
                title, xLabel, legend, WIDTH, HEIGHT, title, xLabel, drawing(shown));
    }

    /** The points that can be drawn, y as it is drawn. */
    private Line shown(Line line) {
        List<double[]> points = new ArrayList<>();
        for (int k = 0; k < line.x().length; k++) {
            double y = logarithmic ? Math.log10(line.y()[k]) : line.y()[k];
            if (Double.isFinite(y)) {
                points.add(new double[] {line.x()[k], y});
            }
        }
        return new Line(
                line.name(),
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray());
    }

    private double value(double y) {
        return logarithmic ? Math.pow(10, y) : y;
    }

    private Html drawing(List<Line> shown) {
        Scale x = Scale.of(shown.stream().flatMapToDouble(line -> Arrays.stream(line.x())), LEFT, WIDTH - RIGHT);
        Scale y = Scale.of(shown.stream().flatMapToDouble(line -> Arrays.stream(line.y())), HEIGHT - BOTTOM, TOP);
        Html svg = new Html();
        for (double tick : logarithmic ? y.logarithmicTicks() : y.ticks()) {
            svg.add(
                    "<line class='k-grid' x1='%s' x2='%s' y1='%s' y2='%s'/>",
                    LEFT, WIDTH - RIGHT, y.at(tick), y.at(tick));
            svg.add("<text class='k-y' x='%s' y='%s'>%s</text>", LEFT - 5, y.at(tick), number(value(tick)));
        }
        for (double tick : x.ticks()) {
            svg.add("<text class='k-x' x='%s' y='%s'>%s</text>", x.at(tick), HEIGHT - BOTTOM + 14, number(tick));
        }
        svg.add("<text class='k-x' x='%s' y='%s'>%s</text>", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, xLabel);
        for (int k = 0; k < shown.size(); k++) {
            svg.add("%s", line(shown.get(k), k, x, y));
        }
        return svg;
    }

    private static Html line(Line line, int number, Scale x, Scale y) {
        StringBuilder points = new StringBuilder();
        for (int k = 0; k < line.x().length; k++) {
            points.append(x.at(line.x()[k]))
                    .append(',')
                    .append(y.at(line.y()[k]))
                    .append(' ');
        }
        int last = line.x().length - 1;
        Html svg = Html.of(
                "<polyline class='k-line%s' points='%s'/>",
                number, points.toString().stripTrailing());
        return last < 0
                ? svg
                : svg.add(
                        "<circle class='k-line%s' r='2.5' cx='%s' cy='%s'/>",
                        number, x.at(line.x()[last]), y.at(line.y()[last]));
    }

    /** Few digits: 0.0123, 94.9, 1,600. */
    static String number(double exact) {
        double value = new BigDecimal(exact).round(new MathContext(6)).doubleValue(); // 2 is not 2.000000001
        double size = Math.abs(value);
        String pattern = value == Math.rint(value) && size < 1e6
                ? "%,.0f"
                : size >= 1e6 || size < 1e-3 ? "%.1e" : size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, pattern, value);
    }

    /** From the numbers of an axis to places on it. */
    private record Scale(double low, double high, double from, double to) {
        static Scale of(DoubleStream values, double from, double to) {
            double[] all = values.toArray();
            double low = Arrays.stream(all).min().orElse(0);
            double high = Arrays.stream(all).max().orElse(1);
            double room = high == low ? Math.max(Math.abs(low), 1) * 0.05 : 0;
            return new Scale(low - room, high + room, from, to);
        }

        /** To a tenth, as a page has thousands of these. */
        double at(double value) {
            double place = from + (value - low) / (high - low) * (to - from);
            return Math.round(10 * place) / 10.0;
        }

        /** The logarithms of 1, 2, 5, 10, 20 and so on; where those are too few or too many, even steps. */
        double[] logarithmicTicks() {
            double[] ticks = DoubleStream.iterate(Math.floor(low), power -> power <= high, power -> power + 1)
                    .flatMap(power -> DoubleStream.of(1, 2, 5).map(factor -> power + Math.log10(factor)))
                    .filter(tick -> tick >= low && tick <= high)
                    .toArray();
            return ticks.length >= 2 && ticks.length <= 2 * TICKS ? ticks : ticks();
        }

        /** Round numbers, about {@value #TICKS} of them: steps of 1, 2 or 5 times a power of ten. */
        double[] ticks() {
            double rough = (high - low) / TICKS;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step = power * (rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
            return DoubleStream.iterate(Math.ceil(low / step), k -> k * step <= high, k -> k + 1)
                    .map(k -> k * step)
                    .toArray();
        }
    }
}
