package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockLayoutTest {
    /** Rows, share, rows held out. From 9,985 rows on there are 40 blocks, and whole blocks are held out. */
    @ParameterizedTest
    @CsvSource({
        "2, 0.1, 1",
        "150, 0.2, 30",
        "256, 0.5, 128",
        "257, 0.004, 1",
        "1000, 0.7, 700",
        "1500, 0, 0",
        "9984, 0.1, 998",
        "9985, 0.1, 1024",
        "60000, 0.1, 6144",
        "60000, 0, 0",
        "10001, 0.97, 9745"
    })
    void everyPositionIsInOneBlockAndTheShareIsHeldOut(long rows, double fraction, long heldOut) {
        BlockLayout layout = new BlockLayout(rows, fraction, "rows");
        long position = 0;
        long validationRows = 0;
        for (int block = 0; block < layout.blocks(); block++) {
            assertThat(layout.firstRow(block)).isEqualTo(position);
            long end = layout.firstRow(block + 1);
            assertThat(end - position).isBetween(1L, 256L);
            validationRows += layout.validation().get(block) ? end - position : 0;
            for (; position < end; position++) {
                assertThat(layout.block(position)).isEqualTo(block);
            }
        }
        assertThat(position).isEqualTo(rows);
        assertThat(layout.validation().length()).isLessThanOrEqualTo(layout.blocks());
        assertThat(validationRows).isEqualTo(heldOut).isEqualTo(layout.validationRows());
    }

    /** As before there were single rows: a checkpoint of a run with validation goes on with the same rows. */
    @Test
    void ofManyBlocksThoseAtEvenDistancesAreHeldOut() {
        assertThat(new BlockLayout(60_000, 0.02, "rows").validation().stream()).containsExactly(23, 70, 117, 164, 211);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.1", "10, 0.96", "10240, 0.99"})
    void aShareThatLeavesNothingToTrainOnIsRefused(long rows, double fraction) {
        assertThatThrownBy(() -> new BlockLayout(rows, fraction, "some rows"))
                .isInstanceOf(KindlingException.class)
                .hasMessage("validationFraction: found " + fraction + ", expected less: some of the " + rows
                        + " rows of some rows must stay for training");
    }
}
