package dev.kindling.plot;

import dev.kindling.plot.WeightsPicture.Unit;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The weights of units as bars with the names of the inputs, on one scale for all: blue below zero, red above. Of many inputs
 * each unit shows those of its largest weights.
 *
 * @param title whose weights
 * @param subtitle what else there is to say
 * @param inputs their names
 * @param units 1 to {@link #mostUnits}, with a weight for each input
 */
public record WeightBarsPicture(String title, String subtitle, List<String> inputs, List<Unit> units)
        implements Picture {
    /** Of more inputs than this, a unit shows those of its largest weights. */
    static final int MOST_BARS = 12;

    static final int MARGIN = 24;
    static final int TOP = 94;
    private static final int COLUMNS = 4;
    static final int COLUMN = 256;
    private static final int GAP = 26;

    /** How many units of so many inputs fit into a picture that is not larger than a screen. */
    public static int mostUnits(int inputs) {
        return COLUMNS * Math.max(1, (LARGE - TOP) / panel(inputs));
    }

    /** How high a unit is, with the gap below. */
    private static int panel(int inputs) {
        return bars("", List.of(), new double[Math.min(inputs, MOST_BARS)]).height() + GAP;
    }

    private static Bars bars(String title, List<String> labels, double... values) {
        return new Bars(title, "", labels, values, -1);
    }

    private int columns() {
        return Math.min(units.size(), COLUMNS);
    }

    /** Where unit k starts. */
    int left(int k) {
        return MARGIN + k % COLUMNS * (COLUMN + GAP);
    }

    int top(int k) {
        return TOP + k / COLUMNS * panel(inputs.size());
    }

    @Override
    public int width() {
        return Math.max(Pen.titleWidth(title, subtitle, MARGIN), 2 * MARGIN + columns() * (COLUMN + GAP) - GAP);
    }

    @Override
    public int height() {
        return top(units.size() - 1) + panel(inputs.size());
    }

    @Override
    public void draw(Graphics2D g) {
        Pen pen = new Pen(g);
        pen.title(title, subtitle, MARGIN, 28);
        int left = inputs.size() - MOST_BARS;
        if (left > 0) {
            String most = "of each unit the " + MOST_BARS + " largest weights; the other " + left + " are left out";
            pen.text(most, MARGIN, 66, Pen.TEXT, Pen.MUTED, Pen.Anchor.LEFT);
        }
        double low = Math.min(0, weights().min().orElse(0));
        double high = Math.max(0, weights().max().orElse(0));
        for (int k = 0; k < units.size(); k++) {
            Unit unit = units.get(k);
            int[] shown = shown(unit);
            double[] values =
                    Arrays.stream(shown).mapToDouble(i -> unit.weights()[i]).toArray();
            List<String> names = Arrays.stream(shown).mapToObj(inputs::get).toList();
            Bars bars = bars(unit.label(), names, values);
            bars.draw(
                    pen,
                    left(k),
                    top(k),
                    COLUMN,
                    low,
                    high,
                    bar -> ColourMap.DIVERGING.at(values[bar] < 0 ? 0.2 : 0.8));
            if (unit.dead()) {
                pen.crossOut(left(k) - 8, top(k) - 14, COLUMN + 16, bars.height() + 20);
            }
        }
    }

    /** The inputs that a unit shows: all in their order, or those of its largest weights, the largest first. */
    private int[] shown(Unit unit) {
        IntStream all = IntStream.range(0, inputs.size());
        return inputs.size() <= MOST_BARS
                ? all.toArray()
                : all.boxed()
                        .sorted(Comparator.comparing(i -> -Math.abs(unit.weights()[i])))
                        .limit(MOST_BARS)
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    private DoubleStream weights() {
        return units.stream()
                .flatMapToDouble(unit -> IntStream.range(0, inputs.size()).mapToDouble(i -> unit.weights()[i]));
    }
}
