package dev.kindling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers and names in tables for people. */
class DigitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "5.1, 5.1",
        "-1200000, -1200000",
        "1234567.89, 1234570",
        "0.333333333, 0.333333",
        "0.00001234, 0.00001234",
        "1e300, 1E+300",
        "1234e-9, 0.000001234",
        "NaN, NaN",
        "-Infinity, -Infinity",
        "4.9e-324, 4.94066E-324"
    })
    void aNumberHasTheDigitsThatItNeedsAndNoMoreThanAreAskedFor(double value, String text) {
        assertThat(Digits.of(value, 6)).isEqualTo(text);
    }

    @Test
    void aColumnIsAsWideAsItsNamesAndCutsThoseThatAreVeryLong() {
        NameColumn names = NameColumn.of(Stream.of("age", "the_first_measurement_of_the_sensor_017"));
        assertThat(names.of("age")).isEqualTo(" ".repeat(29) + "age");
        assertThat(names.of("the_first_measurement_of_the_sensor_017"))
                .hasSize(32)
                .startsWith("the_first_measu")
                .endsWith("...the_sensor_017");
        assertThat(NameColumn.of(Stream.of("a", "bc")).of("a")).isEqualTo(" a");
    }
}
