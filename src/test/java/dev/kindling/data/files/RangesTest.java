package dev.kindling.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Kryo;
import org.junit.jupiter.api.Test;

/** What the driver tells tasks to read, and what they say of a file, by Kryo. */
class RangesTest {
    @Test
    void rangesAndSectionsArrive() {
        DataFile file = new DataFile("file:/x.csv", null, "x.csv", 10);
        CsvRange csv = new CsvRange(file, 5, 2, 1, 7, 3, 0, 2);
        assertThat(Kryo.send(csv)).isEqualTo(csv);
        CsvSection section = new CsvSection(1, 2, 3);
        assertThat(Kryo.send(section)).isEqualTo(section);
    }
}
