package dev.kindling.training;

import dev.kindling.network.Seeds;
import java.util.BitSet;
import java.util.Random;

/**
 * Which blocks a step reads: drawn by seed and step alone, so the same wherever the blocks lie.
 *
 * <p>Stratified sampling: the blocks are cut into as many equal strata of neighbours as a step reads blocks, and a step
 * takes one from each, in an order shuffled anew each time through the stratum. Partitions hold neighbouring blocks, so
 * however many partitions there are, each has about the same share of every step.
 */
final class Batches {
    private final int[] numbers; // of the blocks, rising
    private final int blocksPerStep;
    private final long seed;

    /**
     * @param blocks the numbers of the blocks to draw from
     * @param blocksPerStep at least 1; as many as there are, or more, for all of them at every step
     */
    Batches(BitSet blocks, int blocksPerStep, long seed) {
        this.numbers = blocks.stream().toArray();
        this.blocksPerStep = Math.min(numbers.length, blocksPerStep);
        this.seed = seed;
    }

    /** The numbers of the blocks that step {@code step}, from 1, reads. */
    BitSet draw(int step) {
        BitSet drawn = new BitSet();
        for (int stratum = 0; stratum < blocksPerStep; stratum++) {
            int first = start(stratum);
            int length = start(stratum + 1) - first;
            int epoch = (step - 1) / length;
            drawn.set(numbers[first + shuffled(length, Seeds.mix(seed, stratum, epoch))[(step - 1) % length]]);
        }
        return drawn;
    }

    private int start(int stratum) {
        return (int) ((long) stratum * numbers.length / blocksPerStep);
    }

    /** The numbers 0 to length - 1 in an order given by the seed (Fisher and Yates). */
    private static int[] shuffled(int length, long seed) {
        Random random = new Random(seed);
        int[] order = new int[length];
        for (int k = 0; k < length; k++) {
            int other = random.nextInt(k + 1);
            order[k] = order[other];
            order[other] = k;
        }
        return order;
    }
}
