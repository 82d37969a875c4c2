package dev.kindling.data.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.Kryo;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnSumsTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final int ROWS = 1000;

    /** Columns whose sums, or sums of squares, lose digits in floating point. */
    private static IntToDoubleFunction column(String name) {
        return switch (name) {
            case "years" -> k -> 2000 + k % 27;
            case "seconds" -> k -> 1.7e9 + k * 0.5;
            case "microseconds" -> k -> 1.7e15 + k % 3;
            case "far" -> k -> -9e15 + k * 2;
            case "tiny" -> k -> k % 7 * 1e-300;
            case "huge" -> k -> (k % 2 == 0 ? 1 : -1) * 1.7e308;
            case "outlier" -> k -> k == 500 ? 1e9 : k % 10 * 0.1;
            case "nearly constant" -> k -> k == 3 ? 1.0000000000000002 : 1;
            case "mostly zeros" -> k -> k % 100 == 7 ? 3.25 + k : 0;
            case "one value" -> k -> k == 999 ? 1 : 0;
            case "negative zeros" -> k -> k % 3 == 0 ? -0.0 : k % 2;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ColumnRanges ranges(double... values) {
        ColumnRanges ranges = new ColumnRanges(1);
        for (double value : values) {
            ranges.addRow();
            if (value != 0) {
                ranges.add(0, value);
            }
        }
        return ranges;
    }

    private static void add(ColumnSums sums, double value, double weight) {
        sums.addRow(0, weight);
        if (value != 0 || !sums.skipsZeros(0)) {
            sums.add(0, value, weight);
        }
    }

    private static ColumnSums sums(double[] values, double[] weights) {
        ColumnSums sums = new ColumnSums(ranges(values), values.length, 1);
        for (int k = 0; k < values.length; k++) {
            add(sums, values[k], weights[k]);
        }
        return sums;
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value);
    }

    private static void compare(double[] values, double[] weights) {
        ColumnSums sums = sums(values, weights);
        BigDecimal all = BigDecimal.ZERO;
        BigDecimal mean = BigDecimal.ZERO;
        for (int k = 0; k < values.length; k++) {
            all = all.add(exact(weights[k]));
            mean = mean.add(exact(weights[k]).multiply(exact(values[k])));
        }
        mean = mean.divide(all, DIGITS);
        BigDecimal variance = BigDecimal.ZERO;
        for (int k = 0; k < values.length; k++) {
            variance = variance.add(exact(values[k]).subtract(mean).pow(2).multiply(exact(weights[k])));
        }
        double deviation = variance.divide(all, DIGITS).sqrt(DIGITS).doubleValue();
        assertThat(sums.deviation(0)).isCloseTo(deviation, within(1e-9 * deviation));
        assertThat(sums.mean(0)).isCloseTo(mean.doubleValue(), within(1e-9 * deviation + Math.ulp(mean.doubleValue())));
        assertThat(sums.weight()).isCloseTo(all.doubleValue(), within(1e-12 * all.doubleValue()));
        assertThat(sums.rows()).isEqualTo(values.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "years",
                "seconds",
                "microseconds",
                "far",
                "tiny",
                "huge",
                "outlier",
                "nearly constant",
                "mostly zeros",
                "one value",
                "negative zeros"
            })
    void meanAndDeviationAreAsPreciseAsExactOnes(String name) {
        double[] values = IntStream.range(0, ROWS)
                .mapToDouble(k -> column(name).applyAsDouble(k))
                .toArray();
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        compare(values, ones);
        double[] weights =
                IntStream.range(0, ROWS).mapToDouble(k -> (k % 5 + 1) / 5.0).toArray();
        compare(values, weights);
    }

    @Test
    void aConstantColumnHasThatMeanAndNoDeviation() {
        for (double constant : new double[] {0, 0.1, -1e300, 1e-300, 123_456_789.1}) {
            double[] values = new double[ROWS];
            Arrays.fill(values, constant);
            double[] ones = new double[ROWS];
            Arrays.fill(ones, 1);
            ColumnSums sums = sums(values, ones);
            assertThat(sums.mean(0)).isEqualTo(constant);
            assertThat(sums.deviation(0)).isZero();
        }
    }

    @Test
    void theBitsAreThoseOfAnyOrderAndAnyGroups() {
        Random random = new Random(4);
        List<double[]> rows = new ArrayList<>(IntStream.range(0, ROWS)
                .mapToObj(k -> new double[] {random.nextGaussian() * 1e5 + 3, random.nextDouble()})
                .toList());
        double[] values = rows.stream().mapToDouble(row -> row[0]).toArray();
        ColumnSums expected =
                sums(values, rows.stream().mapToDouble(row -> row[1]).toArray());
        for (int attempt = 0; attempt < 20; attempt++) {
            Collections.shuffle(rows, random);
            ColumnSums[] groups = new ColumnSums[4];
            Arrays.setAll(groups, k -> new ColumnSums(ranges(values), ROWS, 1));
            rows.forEach(row -> add(groups[random.nextInt(4)], row[0], row[1]));
            ColumnSums found = groups[3].plus(groups[0].plus(groups[2])).plus(groups[1]);
            assertThat(found.mean(0)).isEqualTo(expected.mean(0));
            assertThat(found.deviation(0)).isEqualTo(expected.deviation(0));
            assertThat(found.weight()).isEqualTo(expected.weight());
            assertThat(found.rows()).isEqualTo(ROWS);
        }
    }

    @Test
    void eachLabelHasItsOwnWeight() {
        ColumnSums sums = new ColumnSums(new ColumnRanges(0), 5, 3);
        sums.addRow(0, 1);
        sums.addRow(2, 0.5);
        sums.addRow(2, 0.25);
        assertThat(sums.weight(0)).isEqualTo(1);
        assertThat(sums.weight(1)).isZero();
        assertThat(sums.weight(2)).isEqualTo(0.75);
        assertThat(sums.weight()).isEqualTo(1.75);
    }

    @Test
    void theyArriveByKryo() {
        ColumnSums sums = sums(new double[] {1, 2, 5}, new double[] {1, 1, 0.5});
        sums.addHash(9);
        ColumnSums sent = Kryo.send(sums);
        assertThat(sent.mean(0)).isEqualTo(sums.mean(0)).isCloseTo(2.2, within(1e-12));
        assertThat(sent.deviation(0)).isEqualTo(sums.deviation(0));
        assertThat(sent.hashes()).isEqualTo(9);
        assertThat(sent.rows()).isEqualTo(3);
    }
}
