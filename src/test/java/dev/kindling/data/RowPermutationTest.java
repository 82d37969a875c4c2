package dev.kindling.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPermutationTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 255, 256, 257, 60_000})
    void everyRowHasAPlaceOfItsOwnAndFindsBack(long count) {
        RowPermutation permutation = new RowPermutation(count, 42);
        BitSet taken = new BitSet();
        for (long id = 0; id < count; id++) {
            long position = permutation.position(id);
            assertThat(position).isBetween(0L, count - 1);
            assertThat(taken.get((int) position)).isFalse();
            taken.set((int) position);
            assertThat(permutation.id(position)).isEqualTo(id);
        }
    }

    @Test
    void anotherSeedShufflesInAnotherWay() {
        RowPermutation one = new RowPermutation(1_000, 1);
        RowPermutation two = new RowPermutation(1_000, 2);
        assertThat(LongStream.range(0, 1_000).filter(id -> one.position(id) == two.position(id)))
                .hasSizeLessThan(10);
    }

    @Test
    void neighboursAreScattered() {
        RowPermutation permutation = new RowPermutation(60_000, 1);
        int firstHalf = 0;
        for (long id = 0; id < 30_000; id++) {
            firstHalf += permutation.position(id) < 30_000 ? 1 : 0;
        }
        assertThat(firstHalf).isBetween(14_500, 15_500);
    }
}
