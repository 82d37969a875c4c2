package dev.kindling.data;

import dev.kindling.network.Seeds;
import java.io.Serializable;

/**
 * A shuffle of the numbers 0 to count - 1 that any task can compute for any one of them, with nothing held in memory.
 *
 * <p>A Feistel network permutes the numbers of 2h bits, 2h just enough for the count; a number that lands at or past the
 * count is sent through again until it lands below ("cycle walking": Black and Rogaway, Ciphers with arbitrary finite
 * domains, 2002).
 */
final class RowPermutation implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int ROUNDS = 4;

    private final long count;
    private final long seed;
    private final int halfBits;
    private final long mask;

    /** @param count at least 1 */
    RowPermutation(long count, long seed) {
        this.count = count;
        this.seed = seed;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
        this.halfBits = (bits + 1) / 2;
        this.mask = (1L << halfBits) - 1;
    }

    /** Where the row with this id, 0 to count - 1, goes: 0 to count - 1. */
    long position(long id) {
        long x = id;
        do {
            for (int round = 0; round < ROUNDS; round++) {
                long left = x >>> halfBits;
                long right = x & mask;
                x = right << halfBits | (left ^ scramble(right, round));
            }
        } while (x >= count);
        return x;
    }

    /** The inverse of {@link #position}. */
    long id(long position) {
        long x = position;
        do {
            for (int round = ROUNDS - 1; round >= 0; round--) {
                long right = x >>> halfBits;
                long left = (x & mask) ^ scramble(right, round);
                x = left << halfBits | right;
            }
        } while (x >= count);
        return x;
    }

    private long scramble(long half, int round) {
        return Seeds.mix(seed, half, round) & mask;
    }
}
