package dev.kindling.data;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import java.io.Serializable;

/**
 * Which rows without ids are held out for validation: those that say so themselves, or else those with the lowest hashes. So
 * equal rows are held out together or not at all.
 *
 * @param byRow whether a column of the rows says it
 * @param bucket if not, rows whose hashes lie in buckets below this one ({@link HashCounts})
 */
public record HeldOut(boolean byRow, int bucket) implements Serializable {
    /** All rows are trained on. */
    public static final HeldOut NONE = new HeldOut(false, 0);

    /** Each row says whether it is. */
    public static final HeldOut BY_ROW = new HeldOut(true, 0);

    /**
     * A share of the rows, as near as hashes allow.
     *
     * @param fraction 0 to below 1
     * @param source for the message
     * @throws KindlingException if none would be left to train on, or none held out
     */
    public static HeldOut share(double fraction, HashCounts counts, String source) {
        if (fraction == 0) {
            return NONE;
        }
        long all = counts.rows();
        long wanted = Math.max(1, Math.round(fraction * all));
        int best = 0;
        long rows = 0;
        long nearest = Long.MAX_VALUE;
        for (int bucket = 1; bucket <= HashCounts.BUCKETS; bucket++) {
            rows += counts.rows(bucket - 1, bucket);
            long off = Math.abs(rows - wanted);
            if (rows > 0 && rows < all && off < nearest) {
                best = bucket;
                nearest = off;
            }
        }
        if (best == 0 || wanted >= all) {
            throw new KindlingException(setting("validation-fraction") + ": found " + fraction
                    + ", expected a share that leaves some of the " + all + " rows of " + source
                    + " to train on and some to hold out; equal rows stay together");
        }
        return new HeldOut(false, best);
    }

    /**
     * Whether a row is held out.
     *
     * @param hash of the row
     * @param says whether it says so itself
     */
    public boolean test(long hash, boolean says) {
        return byRow ? says : HashCounts.bucket(hash) < bucket;
    }
}
