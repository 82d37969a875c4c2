package dev.kindling.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves against the step, in charts one below the other, drawn by XChart.
 *
 * @param title what is shown
 * @param subtitle where it comes from
 * @param charts at least one
 */
public record CurvesPicture(String title, String subtitle, List<Chart> charts) implements Picture {
    /** A longer curve is drawn as means of neighbouring points: more than can be told apart, and a small file. */
    static final int MOST_POINTS = 500;

    /** The same for all curves together. */
    private static final int MOST_POINTS_IN_ALL = 1_600;

    /** A curve with more points than this is drawn thin, because it may go up and down a lot. */
    private static final int MANY_POINTS = 260;

    private static final int TOP = 56;
    private static final int CHART_HEIGHT = 270;

    /**
     * Curves that share an axis.
     *
     * @param quantity what the upright axis shows, with its unit
     * @param curves at least one
     */
    public record Chart(String quantity, List<Curve> curves) {}

    /**
     * A curve.
     *
     * @param name for the legend
     * @param steps rising
     * @param values as many
     */
    public record Curve(String name, double[] steps, double[] values) {}

    @Override
    public int width() {
        return 820;
    }

    @Override
    public int height() {
        return TOP + charts.size() * CHART_HEIGHT;
    }

    @Override
    public void draw(Graphics2D g) {
        new Pen(g).title(title, subtitle, 20, 28);
        for (int k = 0; k < charts.size(); k++) {
            int top = TOP + k * CHART_HEIGHT;
            g.translate(0, top);
            xyChart(charts.get(k)).paint(g, width(), CHART_HEIGHT);
            g.translate(0, -top);
        }
    }

    private XYChart xyChart(Chart chart) {
        XYChart drawn = new XYChart(width(), CHART_HEIGHT);
        drawn.setXAxisTitle("step");
        drawn.setYAxisTitle(chart.quantity());
        style(drawn.getStyler());
        int curves = charts.stream().mapToInt(each -> each.curves().size()).sum();
        int most = Math.min(MOST_POINTS, MOST_POINTS_IN_ALL / curves);
        for (int k = 0; k < chart.curves().size(); k++) {
            Curve curve = averaged(chart.curves().get(k), most);
            XYSeries series = drawn.addSeries(curve.name(), curve.steps(), curve.values());
            series.setMarker(SeriesMarkers.NONE);
            series.setLineColor(Pen.LINES[k % Pen.LINES.length]);
            series.setLineStyle(new BasicStroke(
                    curve.steps().length > MANY_POINTS ? 1.4f : 2.2f,
                    BasicStroke.CAP_ROUND,
                    BasicStroke.JOIN_ROUND,
                    1,
                    k < Pen.LINES.length ? null : new float[] {6, 4},
                    0));
        }
        return drawn;
    }

    private static void style(XYStyler style) {
        style.setLocale(Locale.ROOT);
        style.setChartTitleVisible(false);
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderColor(Pen.LINE);
        style.setPlotGridLinesColor(new Color(0xe4e4e4));
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setChartFontColor(Pen.INK);
        style.setAxisTickLabelsColor(Pen.INK);
        style.setAxisTitleFont(Pen.font(Font.PLAIN, 13));
        style.setAxisTickLabelsFont(Pen.font(Font.PLAIN, 11));
        style.setLegendFont(Pen.font(Font.PLAIN, 12));
        style.setLegendPosition(LegendPosition.OutsideE);
        style.setLegendBorderColor(Pen.LINE);
        style.setChartPadding(14);
        style.setPlotMargin(0);
        style.setYAxisLeftWidthHint(70);
        style.setXAxisMin(0.0);
        style.setXAxisDecimalPattern("#,##0");
    }

    /** A curve of at most so many points, each the mean of its neighbours where there were more. */
    static Curve averaged(Curve curve, int most) {
        int points = curve.steps().length;
        if (points <= most) {
            return curve;
        }
        double[] steps = new double[most];
        double[] values = new double[most];
        for (int k = 0; k < most; k++) {
            int first = (int) ((long) k * points / most);
            int end = (int) ((k + 1L) * points / most);
            steps[k] = Arrays.stream(curve.steps(), first, end).average().orElseThrow();
            values[k] = Arrays.stream(curve.values(), first, end).average().orElseThrow();
        }
        return new Curve(curve.name(), steps, values);
    }
}
