package dev.kindling.onnx;

import dev.kindling.network.Standardisation;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * x becomes (x - shift) / deviation, put together from single operations. Each takes a number for each column, or one for all. What
 * only subtracts and then divides keeps these numbers as they are, bit for bit.
 */
final class Scale {
    private double[] shift = {0};
    private double[] deviation = {1};

    void subtract(double[] numbers) {
        shift = isUnmoved() && isUnscaled()
                ? numbers
                : both(shift, both(numbers, deviation, (n, d) -> n * d), (s, n) -> s + n);
    }

    /** What an output that is scaled back has added to it. */
    void move(double[] numbers) {
        shift = isUnmoved() ? numbers : both(shift, numbers, Double::sum);
    }

    void add(double[] numbers) {
        subtract(Arrays.stream(numbers).map(number -> -number).toArray());
    }

    void divide(double[] numbers) {
        deviation = both(deviation, numbers, (d, n) -> d * n);
    }

    void multiply(double[] numbers) {
        deviation = both(deviation, numbers, (d, n) -> d / n);
    }

    private boolean isUnmoved() {
        return Arrays.stream(shift).allMatch(value -> value == 0);
    }

    private boolean isUnscaled() {
        return Arrays.stream(deviation).allMatch(value -> value == 1);
    }

    /** Whether it is one of pixels, which become 0 to 1, or changes nothing. */
    boolean isOf(double level) {
        return isUnmoved() && Arrays.stream(deviation).allMatch(value -> value == level);
    }

    /**
     * As a model has it: where something is divided by infinity, or times 0, the deviation is 0.
     *
     * @param columns how many there are
     */
    Standardisation of(int columns) {
        return new Standardisation(
                spread(shift, columns),
                Arrays.stream(spread(deviation, columns))
                        .map(value -> Double.isInfinite(value) ? 0 : value)
                        .toArray());
    }

    private static double[] spread(double[] numbers, int columns) {
        double[] all = new double[columns];
        Arrays.setAll(all, k -> numbers[numbers.length == 1 ? 0 : k]);
        return all;
    }

    private static double[] both(double[] a, double[] b, DoubleBinaryOperator operator) {
        double[] result = new double[Math.max(a.length, b.length)];
        Arrays.setAll(result, k -> operator.applyAsDouble(a[a.length == 1 ? 0 : k], b[b.length == 1 ? 0 : k]));
        return result;
    }
}
