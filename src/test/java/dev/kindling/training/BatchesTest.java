package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static BitSet blocks(int count) {
        BitSet blocks = new BitSet();
        blocks.set(0, count);
        return blocks;
    }

    private static BitSet drawn(Batches batches, int step) {
        BitSet drawn = new BitSet();
        Arrays.stream(batches.draw(step)).forEach(drawn::set);
        return drawn;
    }

    @Test
    void everyBlockIsReadOnceInEachRoundThroughItsStratum() {
        Batches batches = new Batches(blocks(20), 4, 1);
        for (int epoch = 0; epoch < 3; epoch++) {
            BitSet seen = new BitSet();
            for (int step = 1; step <= 5; step++) {
                BitSet drawn = drawn(batches, 5 * epoch + step);
                assertThat(drawn.cardinality()).isEqualTo(4);
                assertThat(seen.intersects(drawn)).isFalse();
                seen.or(drawn);
            }
            assertThat(seen.cardinality()).isEqualTo(20);
        }
    }

    @Test
    void everyPartOfTheDataHasItsShareOfAStep() {
        Batches batches = new Batches(blocks(235), 16, 3);
        for (int step = 1; step < 100; step++) {
            BitSet drawn = drawn(batches, step);
            assertThat(drawn.cardinality()).isEqualTo(16);
            assertThat(drawn.get(0, 118).cardinality()).isBetween(8, 9);
        }
    }

    @Test
    void seedAndStepDecide() {
        assertThat(new Batches(blocks(50), 3, 1).draw(9)).isEqualTo(new Batches(blocks(50), 3, 1).draw(9));
        assertThat(new Batches(blocks(50), 3, 1).draw(9)).isNotEqualTo(new Batches(blocks(50), 3, 2).draw(9));
        assertThat(new Batches(blocks(50), 3, 1).draw(9)).isNotEqualTo(new Batches(blocks(50), 3, 1).draw(10));
    }

    @Test
    void theStepsBeforeChangeNothing() {
        Batches all = new Batches(blocks(50), 3, 1);
        for (int step = 1; step <= 40; step++) {
            assertThat(all.draw(step)).isSorted().isEqualTo(new Batches(blocks(50), 3, 1).draw(step));
        }
    }

    @Test
    void aBatchAsLargeAsTheDataIsAllOfIt() {
        for (int perStep : new int[] {7, 8, 1_000}) {
            Batches batches = new Batches(blocks(7), perStep, 1);
            assertThat(batches.draw(1)).containsExactly(0, 1, 2, 3, 4, 5, 6);
            assertThat(batches.draw(2)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        }
    }
}
