package dev.kindling.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some rows of a data set as {@link Kernels} go through them: features, sparse or dense, and what is true of each row.
 *
 * <p>A sparse block is cut into strips of {@value #STRIP} neighbouring columns. Of a strip only those rows are kept
 * that are not all zero there, and of each its {@value #STRIP} values, a cell. Pixels that are not zero come in runs,
 * so two thirds of the values kept of MNIST are not zero. A kernel that goes down a strip has the weights of its
 * columns in registers, and looks up a row only once for {@value #STRIP} values.
 *
 * <p>A block that would keep more than {@value #DENSE} of its cells is dense: it keeps all of them, row by row. The
 * rows alone decide which kind a block is.
 *
 * <p>Immutable, and shared freely between threads.
 */
public final class Block implements Serializable {
    /** The columns of a strip. */
    static final int STRIP = 4;

    /**
     * Above this share of cells that are not all zero a block is dense. Measured with 512 bits: dense products are faster
     * from half of the cells on where the first layer has 128 units, and from two thirds on where it has 10.
     */
    static final double DENSE = 0.5;

    /** In a hash, a row's weight and then its targets count as columns from here on. */
    private static final int WEIGHT_COLUMN = 65_536;

    private static final long serialVersionUID = 1L;

    private final int features;
    /** Shape (rows). */
    private final int[] labels;
    /** Shape (rows), or null where every weight is 1. */
    private final float[] weights;

    private final int targets;
    /** Shape (rows, targets). */
    private final float[] targetValues;

    private final int nonZeros;
    /** Shape (strips + 1): strip s is cells starts[s] to starts[s + 1] - 1; null in a dense block. */
    private final int[] starts;
    /** Shape (cells): the row of each, rising within a strip; null in a dense block. */
    private final char[] cellRows;
    /**
     * Pixel levels, four to an int, or null where there are {@link #values}: with n ints, level k is byte k / n of int
     * k % n, so that lanes of a vector become neighbours.
     */
    private final int[] levels;
    /** Shape (cells, {@value #STRIP}) or, in a dense block, (rows, features); null where there are {@link #levels}. */
    private final float[] values;

    /** @param rows at most 65,536, copied */
    public Block(SparseRows rows) {
        this.features = rows.features();
        this.labels = new int[rows.count()];
        Arrays.setAll(labels, rows::label);
        this.weights = weights(rows);
        this.targets = rows.targets();
        this.targetValues = new float[labels.length * targets];
        for (int k = 0; k < targetValues.length; k++) {
            targetValues[k] = rows.target(k / targets, k % targets);
        }
        this.nonZeros = rows.start(rows.count());
        int[] stripStarts = stripStarts(rows);
        int strips = stripStarts.length - 1;
        boolean dense = stripStarts[strips] > DENSE * rows.count() * strips;
        this.starts = dense ? null : stripStarts;
        this.cellRows = dense ? null : new char[starts[strips]];
        int length = dense ? rows.count() * features : cellRows.length * STRIP;
        int[] places = dense ? densePlaces(rows) : sparsePlaces(rows);
        this.levels = rows.hasLevels() ? levels(rows, places, length) : null;
        this.values = rows.hasLevels() ? null : values(rows, places, length);
    }

    /** Null where every weight is 1. */
    private static float[] weights(SparseRows rows) {
        float[] weights = new float[rows.count()];
        boolean all = true;
        for (int row = 0; row < weights.length; row++) {
            weights[row] = rows.weight(row);
            all &= weights[row] == 1f;
        }
        return all ? null : weights;
    }

    /** The number of strips that this many columns make; the last may not be full. */
    static int strips(int columns) {
        return (columns + STRIP - 1) / STRIP;
    }

    /** Counts the cells of each strip, and adds them up from the first. */
    private static int[] stripStarts(SparseRows rows) {
        int[] starts = new int[strips(rows.features()) + 1];
        for (int row = 0; row < rows.count(); row++) {
            int last = -1;
            for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
                int strip = rows.column(entry) / STRIP;
                starts[strip + 1] += strip != last ? 1 : 0;
                last = strip;
            }
        }
        for (int strip = 1; strip < starts.length; strip++) {
            starts[strip] += starts[strip - 1];
        }
        return starts;
    }

    /** Where each entry goes in a dense block. */
    private static int[] densePlaces(SparseRows rows) {
        int[] places = new int[rows.start(rows.count())];
        for (int row = 0; row < rows.count(); row++) {
            for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
                places[entry] = row * rows.features() + rows.column(entry);
            }
        }
        return places;
    }

    /** Where each entry goes in a sparse block, whose {@link #cellRows} are filled. */
    private int[] sparsePlaces(SparseRows rows) {
        int[] places = new int[rows.start(rows.count())];
        int[] next = starts.clone();
        for (int row = 0; row < rows.count(); row++) {
            int last = -1;
            int cell = 0;
            for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
                int strip = rows.column(entry) / STRIP;
                if (strip != last) {
                    cell = next[strip]++;
                    cellRows[cell] = (char) row;
                    last = strip;
                }
                places[entry] = cell * STRIP + rows.column(entry) % STRIP;
            }
        }
        return places;
    }

    private static int[] levels(SparseRows rows, int[] places, int length) {
        int ints = Layer.padded((length + 3) / 4);
        byte[] bytes = new byte[4 * ints];
        for (int entry = 0; entry < places.length; entry++) {
            bytes[places[entry]] = rows.level(entry);
        }
        int[] levels = new int[ints];
        for (int k = 0; k < 4; k++) {
            for (int n = 0; n < ints; n++) {
                levels[n] |= (bytes[k * ints + n] & 0xff) << (k * Byte.SIZE);
            }
        }
        return levels;
    }

    private static float[] values(SparseRows rows, int[] places, int length) {
        float[] values = new float[length];
        for (int entry = 0; entry < places.length; entry++) {
            values[places[entry]] = rows.value(entry);
        }
        return values;
    }

    public int rows() {
        return labels.length;
    }

    public int label(int row) {
        return labels[row];
    }

    /** How many rows a row counts for in loss and gradient, 0 or more: 1 unless said otherwise. */
    public float weight(int row) {
        return weights == null ? 1f : weights[row];
    }

    /** Whether a weight is not 1. */
    public boolean isWeighted() {
        return weights != null;
    }

    /** The weights of all rows together: of a block without weights the number of its rows. */
    public double totalWeight() {
        double total = weights == null ? labels.length : 0;
        for (int row = 0; row < labels.length && weights != null; row++) {
            total += weights[row];
        }
        return total;
    }

    /** A number that a regression is to predict of a row. */
    public float target(int row, int target) {
        return targetValues[row * targets + target];
    }

    /** Whether every feature is kept, zeros too. */
    public boolean isDense() {
        return starts == null;
    }

    /** How many features of all rows together are not zero. */
    public int nonZeros() {
        return nonZeros;
    }

    /** How many strips a sparse block has. */
    int strips() {
        return strips(features);
    }

    /** Shape (strips + 1), of a sparse block: where each strip's cells start; do not change. */
    int[] starts() {
        return starts;
    }

    /** Shape (cells), of a sparse block; do not change. */
    char[] cellRows() {
        return cellRows;
    }

    /** How long an array {@link #values} needs: 0 where the block has floats of its own. */
    int scratchLength() {
        return levels == null ? 0 : 4 * levels.length;
    }

    /**
     * The values as floats, shape (cells, {@value #STRIP}) or, of a dense block, (rows, features); any numbers may
     * follow them.
     *
     * @param scratch as long as {@link #scratchLength} says, where levels are unpacked
     * @return that, or the block's own, which must not be changed
     */
    float[] values(float[] scratch) {
        return values(scratch, Kernels.INSTANCE);
    }

    private float[] values(float[] scratch, Kernels kernels) {
        if (levels == null) {
            return values;
        }
        kernels.unpack(levels, scratch);
        return scratch;
    }

    /** What to do with a feature of a row. */
    private interface Visitor {
        void visit(int row, int column, float value);
    }

    /**
     * Goes through the features that are not zero. It meets those of each row in their order, and those of each column
     * too.
     */
    private void visit(Visitor visitor) {
        // Packing does this once for each block in a new JVM, where the Vector API is slow before it is compiled.
        float[] kept = values(new float[scratchLength()], new PlainKernels());
        if (isDense()) {
            for (int row = 0; row < rows(); row++) {
                visit(row, 0, kept, row * features, features, visitor);
            }
            return;
        }
        for (int strip = 0; strip < strips(); strip++) {
            for (int cell = starts[strip]; cell < starts[strip + 1]; cell++) {
                visit(cellRows[cell], strip * STRIP, kept, cell * STRIP, STRIP, visitor);
            }
        }
    }

    private static void visit(int row, int column, float[] kept, int from, int length, Visitor visitor) {
        for (int k = 0; k < length; k++) {
            if (kept[from + k] != 0f) {
                visitor.visit(row, column + k, kept[from + k]);
            }
        }
    }

    /**
     * Unpacks all rows.
     *
     * @param dense receives shape (rows, features), row-major; what lies behind that is left alone
     */
    public void unpack(float[] dense) {
        Arrays.fill(dense, 0, rows() * features, 0f);
        visit((row, column, value) -> dense[row * features + column] = value);
    }

    /**
     * Sums each feature over all rows, from the first to the last, times the rows' weights.
     *
     * @param sums shape (features); overwritten
     */
    public void sumFeatures(float[] sums) {
        Arrays.fill(sums, 0f);
        visit((row, column, value) -> sums[column] += weight(row) * value);
    }

    /** A hash of each row's label, its features that are not zero, its weight if that is not 1, and its targets. */
    public long[] hashes() {
        long[] hashes = Arrays.stream(labels).asLongStream().toArray();
        visit((row, column, value) -> {
            hashes[row] = Seeds.mix(hashes[row], (long) column << Integer.SIZE | Float.floatToIntBits(value));
        });
        for (int row = 0; row < hashes.length; row++) {
            if (weight(row) != 1f) {
                hashes[row] = Seeds.mix(hashes[row], column(WEIGHT_COLUMN, weight(row)));
            }
            for (int target = 0; target < targets; target++) {
                hashes[row] = Seeds.mix(hashes[row], column(WEIGHT_COLUMN + 1 + target, target(row, target)));
            }
        }
        return hashes;
    }

    private static long column(int number, float value) {
        return (long) number << Integer.SIZE | Integer.toUnsignedLong(Float.floatToIntBits(value));
    }
}
