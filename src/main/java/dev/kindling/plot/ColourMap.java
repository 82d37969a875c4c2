package dev.kindling.plot;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;

/**
 * Colours for numbers from 0 to 1: in straight lines between stops at equal distances.
 *
 * @param stops at least two
 */
public record ColourMap(List<Color> stops) {
    /** White to dark blue: the darker, the more. */
    static final ColourMap COUNTS = of(0xffffff, 0xc6dbef, 0x6baed6, 0x2171b5, 0x08306b);
    /** Blue through white, at one half, to red. */
    public static final ColourMap DIVERGING = of(0x053061, 0x4393c3, 0xf7f7f7, 0xd6604d, 0x67001f);
    /** White to black, as ink on paper. */
    static final ColourMap INK = of(0xffffff, 0x000000);

    private static ColourMap of(int... rgb) {
        return new ColourMap(Arrays.stream(rgb).mapToObj(Color::new).toList());
    }

    /** The colour of a number; those outside 0 to 1 get that of the nearer end. */
    public Color at(double value) {
        double place = Math.min(1, Math.max(0, value)) * (stops.size() - 1);
        int below = Math.min((int) place, stops.size() - 2);
        Color low = stops.get(below);
        Color high = stops.get(below + 1);
        double share = place - below;
        return new Color(
                mix(low.getRed(), high.getRed(), share),
                mix(low.getGreen(), high.getGreen(), share),
                mix(low.getBlue(), high.getBlue(), share));
    }

    private static int mix(int low, int high, double share) {
        return (int) Math.round(low + share * (high - low));
    }

    /** Black or white, whichever can be read on a colour (luminance as in ITU-R BT.601). */
    static Color readableOn(Color colour) {
        double luminance = 0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue();
        return luminance > 140 ? Color.BLACK : Color.WHITE;
    }
}
