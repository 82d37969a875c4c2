package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeldOutTest {
    /** So many rows that are all different. */
    private static LongStream hashes(int rows) {
        return LongStream.range(0, rows).map(k -> Seeds.mix(3, k));
    }

    private static HashCounts counts(LongStream hashes) {
        HashCounts counts = new HashCounts();
        hashes.forEach(counts::add);
        return counts;
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0.5, 1, 1",
        "2, 0.01, 1, 1",
        "150, 0.2, 30, 30",
        "1000, 0.001, 1, 1",
        "1000, 0.9, 899, 901",
        "100000, 0.25, 24990, 25010",
        "100000, 0.99999, 99970, 99999"
    })
    void aShareIsMetAsNearlyAsHashesAllow(int rows, double share, long least, long most) {
        HeldOut heldOut = HeldOut.share(share, counts(hashes(rows)), "rows");
        long found = hashes(rows).filter(hash -> heldOut.test(hash, false)).count();
        assertThat(found).isBetween(least, most);
        assertThat(hashes(rows).filter(hash -> heldOut.test(hash, true)).count())
                .isEqualTo(found);
    }

    @Test
    void nothingIsHeldOutUnlessAskedFor() {
        assertThat(HeldOut.share(0, counts(hashes(5)), "rows")).isEqualTo(HeldOut.NONE);
        assertThat(hashes(1000)).noneMatch(hash -> HeldOut.NONE.test(hash, true));
    }

    @Test
    void aColumnMaySayIt() {
        assertThat(HeldOut.BY_ROW.test(0, true)).isTrue();
        assertThat(HeldOut.BY_ROW.test(0, false)).isFalse();
        assertThat(HeldOut.BY_ROW.test(-1, true)).isTrue();
    }

    /** Of eight kinds of rows. */
    @Test
    void equalRowsStayTogether() {
        HeldOut heldOut = HeldOut.share(0.32, counts(hashes(1000).map(hash -> Seeds.mix(5, hash & 7))), "rows");
        long kinds = LongStream.range(0, 8)
                .filter(kind -> heldOut.test(Seeds.mix(5, kind), false))
                .count();
        assertThat(kinds).isBetween(2L, 3L);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "1, 0.01", "100, 0.999"})
    void aShareThatLeavesNothingIsRefused(int rows, double share) {
        assertRefused(share, counts(hashes(rows)));
        assertRefused(0.5, counts(LongStream.generate(() -> 77).limit(40)));
    }

    private static void assertRefused(double share, HashCounts counts) {
        assertThatThrownBy(() -> HeldOut.share(share, counts, "some rows"))
                .isInstanceOf(KindlingException.class)
                .hasMessage("validationFraction: found " + share + ", expected a share that leaves some of the "
                        + counts.rows()
                        + " rows of some rows to train on and some to hold out; equal rows stay together");
    }
}
