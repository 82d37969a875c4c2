package dev.kindling.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How the hashes of rows are spread: the number of rows and the sum of their hashes in each of {@value #BUCKETS} ranges of hashes
 * of the same width. Adding counts gives the same for any order and grouping of the rows.
 */
@DefaultSerializer(JavaSerializer.class)
public final class HashCounts implements Serializable {
    /** A power of two. */
    public static final int BUCKETS = 1 << 14;

    private static final long serialVersionUID = 1L;
    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(BUCKETS);

    /** Shape (BUCKETS), or (0) before the first row. */
    private long[] rows = {};
    /** The same shape, modulo 2^64. */
    private long[] sums = {};

    /** The range that a hash is in. */
    static int bucket(long hash) {
        return (int) (hash >>> SHIFT);
    }

    /** Counts a row. */
    public void add(long hash) {
        allocate();
        rows[bucket(hash)]++;
        sums[bucket(hash)] += hash;
    }

    private void allocate() {
        if (rows.length == 0) {
            rows = new long[BUCKETS];
            sums = new long[BUCKETS];
        }
    }

    /** Counts the rows of another count. */
    public void add(HashCounts other) {
        if (other.rows.length > 0) {
            allocate();
        }
        for (int bucket = 0; bucket < other.rows.length; bucket++) {
            rows[bucket] += other.rows[bucket];
            sums[bucket] += other.sums[bucket];
        }
    }

    /** All rows. */
    public long rows() {
        return rows(0, BUCKETS);
    }

    /** Whether a great many rows have the same hash, or nearly: far more than hashes of different rows ever do. */
    boolean isSkewed() {
        return Arrays.stream(rows).max().orElse(0) > 4 * rows() / BUCKETS + 64;
    }

    /** The sum of all hashes, modulo 2^64. */
    public long sum() {
        return sum(0, BUCKETS);
    }

    /** What to say when rows are read again and are not those that were counted. */
    public static KindlingException changed(String source) {
        return new KindlingException(source + ": found other rows when it was read again, expected the same each time:"
                + " a random sample, or a source that changes, must be saved or cached before");
    }

    /** The rows of the buckets from one to before another. */
    long rows(int first, int end) {
        return sum(rows, first, end);
    }

    /** The sum of the hashes of the rows in them, modulo 2^64. */
    long sum(int first, int end) {
        return sum(sums, first, end);
    }

    private static long sum(long[] numbers, int first, int end) {
        return numbers.length == 0 ? 0 : Arrays.stream(numbers, first, end).sum();
    }
}
