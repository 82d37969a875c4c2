package dev.kindling.training;

import dev.kindling.network.Seeds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * Which blocks a step reads: drawn by seed and step alone, so the same wherever the blocks lie.
 *
 * <p>Stratified sampling: the blocks are cut into as many equal strata of neighbours as a step reads blocks, and a step
 * takes one from each, in an order shuffled anew each time through the stratum. Partitions hold neighbouring blocks, so
 * however many partitions there are, each has about the same share of every step. An order is kept until it is used up, so a
 * draw costs what the batch is long, however many blocks there are.
 */
final class Batches {
    private final int[] numbers; // of the blocks, rising
    private final int blocksPerStep;
    private final long seed;
    /** Shape (blocks), stratum after stratum: the order in which its blocks are taken. */
    private final int[] orders;
    /** Shape (strata): how many times each has been gone through when its order was drawn; -1 for not yet. */
    private final int[] epochs;

    /**
     * @param blocks the numbers of the blocks to draw from
     * @param blocksPerStep at least 1; as many as there are, or more, for all of them at every step
     */
    Batches(BitSet blocks, int blocksPerStep, long seed) {
        this.numbers = blocks.stream().toArray();
        this.blocksPerStep = Math.min(numbers.length, blocksPerStep);
        this.seed = seed;
        this.orders = new int[numbers.length];
        this.epochs = new int[this.blocksPerStep];
        Arrays.fill(epochs, -1);
    }

    /** The numbers of the blocks that step {@code step}, from 1, reads, rising. */
    int[] draw(int step) {
        int[] drawn = new int[blocksPerStep];
        for (int stratum = 0; stratum < blocksPerStep; stratum++) {
            int first = start(stratum);
            int length = start(stratum + 1) - first;
            int epoch = (step - 1) / length;
            if (epoch != epochs[stratum]) {
                shuffle(first, length, Seeds.mix(seed, stratum, epoch));
                epochs[stratum] = epoch;
            }
            drawn[stratum] = numbers[first + orders[first + (step - 1) % length]];
        }
        return drawn;
    }

    private int start(int stratum) {
        return (int) ((long) stratum * numbers.length / blocksPerStep);
    }

    /** Puts the numbers 0 to length - 1 into a stratum's order, drawn by the seed (Fisher and Yates). */
    private void shuffle(int first, int length, long orderSeed) {
        Random random = new Random(orderSeed);
        for (int k = 0; k < length; k++) {
            int other = random.nextInt(k + 1);
            orders[first + k] = orders[first + other];
            orders[first + other] = k;
        }
    }
}
