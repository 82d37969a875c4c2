package dev.kindling.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Round numbers along an axis.
 *
 * @param values rising
 * @param step between them: 1, 2 or 5 times a power of ten
 */
record Ticks(List<Double> values, double step) {
    /**
     * Those of a range.
     *
     * @param low finite
     * @param high above it
     * @param most about how many there may be
     */
    static Ticks between(double low, double high, int most) {
        double rough = high / most - low / most;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
        List<Double> values = new ArrayList<>();
        double last = Math.floor(high / step + 1e-9); // what is off by a rounding counts
        for (double n = Math.ceil(low / step - 1e-9); n <= last; n++) {
            values.add(n * step);
        }
        return new Ticks(values, step);
    }

    /** A number of them, with the digits that the step has. */
    String label(double value) {
        if (value == 0) {
            return "0";
        }
        if (step < 1e-4 || Math.abs(value) >= 1e7) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
