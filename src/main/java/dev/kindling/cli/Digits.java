package dev.kindling.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers of any size in lines for people, without zeros at the end. */
final class Digits {
    private Digits() {}

    /**
     * A number.
     *
     * @param value any; NaN and infinities are called so
     * @param digits at most, from the first that is not zero on
     */
    static String of(double value, int digits) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        double size = Math.abs(value);
        return size != 0 && (size < 1e-4 || size >= 1e12) ? rounded.toString() : rounded.toPlainString();
    }
}
