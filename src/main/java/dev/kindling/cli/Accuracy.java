package dev.kindling.cli;

import java.util.Locale;

/** An accuracy in a line for people, where there is one: predictions of numbers have none. */
final class Accuracy {
    private Accuracy() {}

    /** In percent, with two decimals; nothing for NaN. */
    static String percent(double accuracy) {
        return Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, ", accuracy %.2f %%", 100 * accuracy);
    }

    /** As a share, with four decimals; nothing for NaN. */
    static String share(double accuracy) {
        return Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, ", accuracy %.4f", accuracy);
    }
}
