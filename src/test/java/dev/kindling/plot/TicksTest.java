package dev.kindling.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1, '0 0.5 1.0'",
        "0, 10, '0 5 10'",
        "-3, 4, '-2 0 2 4'",
        "21000, 1080000, '500,000 1,000,000'",
        "0.0102, 0.0117, '0.0105 0.0110 0.0115'",
        "1999.5, 2003, '2,000 2,001 2,002 2,003'",
        "1e8, 3e8, '1.00e+08 1.50e+08 2.00e+08 2.50e+08 3.00e+08'",
        "0, 0.0001, '0 5.00e-05 1.00e-04'"
    })
    void ticksAreRoundNumbersWithTheDigitsTheyNeed(double low, double high, String labels) {
        Ticks ticks = Ticks.between(low, high, 4);
        assertThat(ticks.values().stream().map(ticks::label).collect(Collectors.joining(" ")))
                .isEqualTo(labels);
    }

    @Test
    void anyRangeHasSomeAndNotMany() {
        Random random = new Random(3);
        for (int k = 0; k < 1_000; k++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            double high = low + Math.abs(low) * (random.nextDouble() + 1e-6);
            List<Double> values = Ticks.between(low, high, 4).values();
            assertThat(values.size()).as("%s to %s", low, high).isBetween(1, 6);
            assertThat(values)
                    .isSorted()
                    .allSatisfy(value ->
                            assertThat(value).isBetween(low - 1e-9 * Math.abs(low), high + 1e-9 * Math.abs(high)));
        }
        assertThat(Ticks.between(-Double.MAX_VALUE, Double.MAX_VALUE, 4).values())
                .hasSizeBetween(1, 6);
        assertThat(Ticks.between(0, 7, 4).step()).isCloseTo(2, within(1e-12));
    }
}
