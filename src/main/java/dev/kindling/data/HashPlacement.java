package dev.kindling.data;

import dev.kindling.network.Seeds;
import dev.kindling.network.SparseRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Places rows by what is in them, where they have no ids. The key of a row is a seeded hash of its contents. Hashes are cut into
 * ranges, so that rows of one range make a stretch of some blocks; there they are sorted by their hashes, and where hashes are
 * equal by what is in them. Equal rows are interchangeable, so the blocks depend on which rows there are and on the seed, and
 * neither on their order nor on partitions. Where many rows are equal they are given keys of their own first ({@link SpreadRows}),
 * or whole blocks would be of equal rows.
 *
 * <p>Rows that are held out have ranges of their own. Their stretches lie at even distances among the others, so that each
 * partition has its share of them.
 */
final class HashPlacement extends Placement {
    private static final long serialVersionUID = 1L;

    /** Of few rows a range has about so many, so that there are ranges for all cores. */
    private static final int FEW = 16 * PackedRows.BLOCK_ROWS;

    /** Up to so many ranges. */
    private static final int ENOUGH = 256;

    /** Of many rows a range has about so many: their task holds them in memory. */
    private static final int MANY = 256 * PackedRows.BLOCK_ROWS;

    /** What a task collects before it sends it on, if it is not the rows of a range. */
    private static final int MOST_CELLS = 1 << 23;

    private final String source;
    private final HeldOut heldOut;
    private final int partitions;
    private final int rowsAtATime;
    private final Ranges training;
    private final Ranges validation;
    private final long validationRows;
    private final BitSet validationBlocks = new BitSet();
    /** Shape (stretches + 1): the first block of each; the last number is that of all blocks. */
    private final int[] firstBlocks;
    /** Shape (stretches + 1): the position of its first row; the last is the number of rows. */
    private final long[] firstRows;
    /** Shape (stretches): the sum of the hashes of its rows. */
    private final long[] sums;

    /** Hashes cut into ranges, and which stretch each range makes; -1 where it has no rows. */
    private record Ranges(int firstBucket, int endBucket, int[] stretches) implements Serializable {
        static Ranges of(HashCounts counts, int firstBucket, int endBucket) {
            long rows = counts.rows(firstBucket, endBucket);
            long ranges = Math.max(Math.min(rows / FEW, ENOUGH), rows / MANY);
            return new Ranges(
                    firstBucket, endBucket, new int[(int) Math.max(1, Math.min(ranges, endBucket - firstBucket))]);
        }

        int of(long hash) {
            long bucket = HashCounts.bucket(hash) - (long) firstBucket;
            // The inverse of first(): the last range that begins at the bucket or before it.
            return (int) (((bucket + 1) * stretches.length - 1) / (endBucket - firstBucket));
        }

        /** The first bucket of a range. */
        int first(int range) {
            return firstBucket + (int) ((long) range * (endBucket - firstBucket) / stretches.length);
        }
    }

    /**
     * @param counts of the hashes of all rows to train on and, where rows are held out by their hashes, of those too
     * @param validationCounts of the hashes of the rows that say themselves that they are held out
     * @param features of each row
     * @param source for messages
     */
    HashPlacement(
            HashCounts counts,
            HashCounts validationCounts,
            HeldOut heldOut,
            int features,
            int partitions,
            String source) {
        this.source = source;
        this.heldOut = heldOut;
        this.partitions = partitions;
        this.rowsAtATime = Math.max(PackedRows.BLOCK_ROWS, Math.min(MANY, MOST_CELLS / features));
        this.training = Ranges.of(counts, heldOut.bucket(), HashCounts.BUCKETS);
        HashCounts held = heldOut.byRow() ? validationCounts : counts;
        this.validation = Ranges.of(held, 0, heldOut.byRow() ? HashCounts.BUCKETS : heldOut.bucket());
        this.validationRows = held.rows(validation.firstBucket, validation.endBucket);
        List<Stretch> all = inOrder(stretches(training, false, counts), stretches(validation, true, held));
        this.firstBlocks = new int[all.size() + 1];
        this.firstRows = new long[all.size() + 1];
        this.sums = new long[all.size()];
        for (int s = 0; s < all.size(); s++) {
            Stretch stretch = all.get(s);
            stretch.ranges.stretches[stretch.range] = s;
            sums[s] = stretch.sum;
            firstRows[s + 1] = firstRows[s] + stretch.rows;
            firstBlocks[s + 1] = Math.toIntExact(
                    firstBlocks[s] + (stretch.rows + PackedRows.BLOCK_ROWS - 1) / PackedRows.BLOCK_ROWS);
            if (stretch.isHeldOut) {
                validationBlocks.set(firstBlocks[s], firstBlocks[s + 1]);
            }
        }
    }

    private record Stretch(Ranges ranges, int range, boolean isHeldOut, long rows, long sum) {}

    /** The ranges that have rows. */
    private static List<Stretch> stretches(Ranges ranges, boolean isHeldOut, HashCounts counts) {
        List<Stretch> stretches = new ArrayList<>();
        for (int range = 0; range < ranges.stretches.length; range++) {
            ranges.stretches[range] = -1;
            int first = ranges.first(range);
            int end = ranges.first(range + 1);
            if (counts.rows(first, end) > 0) {
                stretches.add(new Stretch(ranges, range, isHeldOut, counts.rows(first, end), counts.sum(first, end)));
            }
        }
        return stretches;
    }

    /** Those that are held out at even distances among the others. */
    private static List<Stretch> inOrder(List<Stretch> training, List<Stretch> validation) {
        List<Stretch> all = new ArrayList<>(training);
        int count = validation.size();
        for (int k = 0; k < count; k++) {
            all.add((int) ((2L * k + 1) * (training.size() + count) / (2L * count)), validation.get(k));
        }
        return all;
    }

    @Override
    long rows() {
        return firstRows[firstRows.length - 1];
    }

    @Override
    int blocks() {
        return firstBlocks[firstBlocks.length - 1];
    }

    /** The first blocks of a stretch may have a row more than the others. */
    @Override
    long firstRow(int block) {
        if (block == blocks()) {
            return rows();
        }
        int s = stretchOf(block);
        long rows = firstRows[s + 1] - firstRows[s];
        int blocks = firstBlocks[s + 1] - firstBlocks[s];
        int inStretch = block - firstBlocks[s];
        return firstRows[s] + inStretch * (rows / blocks) + Math.min(inStretch, rows % blocks);
    }

    private int stretchOf(int block) {
        int found = Arrays.binarySearch(firstBlocks, block);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    BitSet validation() {
        return validationBlocks;
    }

    @Override
    long validationRows() {
        return validationRows;
    }

    @Override
    int stretch(long key, boolean isHeldOut) {
        Ranges ranges = heldOut.test(key, isHeldOut) ? validation : training;
        int s = ranges.stretches[ranges.of(key)];
        if (s < 0) {
            throw HashCounts.changed(source);
        }
        return firstBlocks[s];
    }

    @Override
    int end(int stretch) {
        return firstBlocks[stretchOf(stretch) + 1];
    }

    @Override
    int rowsAtATime() {
        return rowsAtATime;
    }

    /** Deals the sorted rows to the blocks in turn, so that equal rows are spread over them. */
    @Override
    Arranged arrange(int stretch, List<Chunk> chunks) {
        List<Place> sorted = sorted(stretch, chunks);
        int blocks = end(stretch) - stretch;
        Arranged arranged = new Arranged(sorted.size());
        for (int row = 0; row < sorted.size(); row++) {
            long position = firstRow(stretch + row % blocks) - firstRow(stretch) + row / blocks;
            arranged.put((int) position, sorted.get(row).rows, sorted.get(row).row);
        }
        return arranged;
    }

    /**
     * Gives the rows of a stretch other keys, which are different for equal rows: hashes of the keys that they have and of how many
     * equal rows came before.
     *
     * @param chunks all of the stretch, in any order
     */
    Chunk spread(int stretch, List<Chunk> chunks) {
        List<Place> sorted = sorted(stretch, chunks);
        SparseRows rows = sorted.get(0).rows.another();
        long[] keys = new long[sorted.size()];
        long equal = 0;
        for (int row = 0; row < keys.length; row++) {
            Place place = sorted.get(row);
            equal = row > 0 && Place.ORDER.compare(sorted.get(row - 1), place) == 0 ? equal + 1 : 0;
            keys[row] = Seeds.mix(place.hash, equal);
            rows.add(place.rows, place.row);
        }
        return new Chunk(keys, rows);
    }

    private List<Place> sorted(int stretch, List<Chunk> chunks) {
        int s = stretchOf(stretch);
        List<Place> places = new ArrayList<>();
        long sum = 0;
        for (Chunk chunk : chunks) {
            for (int k = 0; k < chunk.keys().length; k++) {
                places.add(new Place(chunk.keys()[k], chunk.rows(), k));
                sum += chunk.keys()[k];
            }
        }
        if (places.size() != firstRows[s + 1] - firstRows[s] || sum != sums[s]) {
            throw HashCounts.changed(source);
        }
        places.sort(Place.ORDER);
        return places;
    }

    /** A row, its hash, and where it is. */
    private record Place(long hash, SparseRows rows, int row) {
        static final Comparator<Place> ORDER = (a, b) -> {
            int byHash = Long.compare(a.hash, b.hash);
            return byHash != 0 ? byHash : SparseRows.compare(a.rows, a.row, b.rows, b.row);
        };
    }

    @Override
    long id(long position) {
        return 0;
    }

    @Override
    public int numPartitions() {
        return partitions;
    }

    /** A stretch is in one partition. */
    @Override
    public int getPartition(Object block) {
        return (int) ((long) firstBlocks[stretchOf((Integer) block)] * partitions / blocks());
    }
}
