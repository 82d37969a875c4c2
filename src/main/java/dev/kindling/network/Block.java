package dev.kindling.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some rows of a data set, packed: labels and features, sparse or dense.
 *
 * <p>Four fifths of MNIST's pixels are zero, so a sparse block takes 27 MB where the raw pixels take 47, and a product
 * skips the zeros. A block of which more than {@value #DENSE} of the features are not zero keeps them all, as skipping
 * would cost more than it saves; which of the two it is depends on its rows alone.
 *
 * <p>A feature that is a pixel level k / 255f is kept as the byte k; a block with any other value keeps floats. Either way
 * the value that comes out is the one that went in, bit for bit, but for -0, which becomes 0.
 *
 * <p>Immutable, and shared freely between threads.
 */
public final class Block implements Serializable {
    /** Above this share of features that are not zero a block is dense: from there on dense products are faster. */
    static final double DENSE = 0.4;

    private static final long serialVersionUID = 1L;

    /** The float of each pixel level. */
    private static final float[] LEVELS = allLevels();

    private final int features;
    /** Shape (rows). */
    private final int[] labels;
    /** Shape (rows + 1): row r is entries starts[r] to starts[r + 1] - 1; null in a dense block. */
    private final int[] starts;
    /**
     * Shape (entries): each entry's feature, rising within a row; a char is an unsigned 16-bit number. Null in a dense
     * block, whose entries are all features of the first row, then of the second, and on.
     */
    private final char[] columns;
    /** Shape (entries): each entry's pixel level, or null where {@link #values} is used. */
    private final byte[] levels;
    /** Shape (entries): each entry's value, or null where {@link #levels} is used. */
    private final float[] values;

    private Block(int features, int[] labels, int[] starts, char[] columns, byte[] levels, float[] values) {
        this.features = features;
        this.labels = labels;
        this.starts = starts;
        this.columns = columns;
        this.levels = levels;
        this.values = values;
    }

    public int rows() {
        return labels.length;
    }

    public int label(int row) {
        return labels[row];
    }

    /** Whether every feature is kept, zeros too. */
    public boolean isDense() {
        return columns == null;
    }

    /** How many features of all rows together are not zero. */
    public long nonZeros() {
        if (!isDense()) {
            return starts[rows()];
        }
        long count = 0;
        for (int entry = 0; entry < start(rows()); entry++) {
            count += value(entry) != 0f ? 1 : 0;
        }
        return count;
    }

    /** Shape (rows + 1), of a sparse block: where each row's entries start; do not change. */
    int[] starts() {
        return starts;
    }

    /** Shape (entries), of a sparse block; do not change. */
    char[] columns() {
        return columns;
    }

    /** Shape (entries), or null where there are {@link #values}; do not change. */
    byte[] levels() {
        return levels;
    }

    /** Shape (entries), or null where there are {@link #levels}; do not change. */
    float[] values() {
        return values;
    }

    /** The value of an entry, from whichever of the two there is: for loops that hold them in variables of their own. */
    static float value(byte[] levels, float[] values, int entry) {
        return levels == null ? values[entry] : LEVELS[levels[entry] & 0xff];
    }

    /**
     * Unpacks all rows.
     *
     * @param dense receives shape (rows, features), row-major; what lies behind that is left alone
     */
    public void unpack(float[] dense) {
        Arrays.fill(dense, 0, rows() * features, 0f);
        for (int row = 0; row < rows(); row++) {
            for (int entry = start(row); entry < start(row + 1); entry++) {
                dense[row * features + column(row, entry)] = value(entry);
            }
        }
    }

    /**
     * Sums each feature over all rows.
     *
     * @param sums shape (features); overwritten
     */
    public void sumFeatures(float[] sums) {
        Arrays.fill(sums, 0f);
        for (int row = 0; row < rows(); row++) {
            for (int entry = start(row); entry < start(row + 1); entry++) {
                sums[column(row, entry)] += value(entry);
            }
        }
    }

    /** A hash of one row's label and features that are not zero. */
    public long hash(int row) {
        long hash = labels[row];
        for (int entry = start(row); entry < start(row + 1); entry++) {
            if (value(entry) != 0f) {
                hash = Seeds.mix(hash, (long) column(row, entry) << Integer.SIZE | Float.floatToIntBits(value(entry)));
            }
        }
        return hash;
    }

    /** The first entry of a row; that of the row after the last is where the entries end. */
    int start(int row) {
        return isDense() ? row * features : starts[row];
    }

    /** The feature of an entry of a row. */
    int column(int row, int entry) {
        return isDense() ? entry - row * features : columns[entry];
    }

    /** The value of an entry. */
    float value(int entry) {
        return value(levels, values, entry);
    }

    private static float[] allLevels() {
        float[] table = new float[256];
        for (int level = 0; level < table.length; level++) {
            table[level] = level / 255f;
        }
        return table;
    }

    /** Collects rows into a block. */
    public static final class Builder {
        private final int features;
        private int[] labels = new int[16];
        private int[] starts = new int[17];
        private char[] columns = new char[256];
        private byte[] levels = new byte[256];
        /** Null as long as every value is a pixel level. */
        private float[] values;

        private int rows;

        /** @param features the features of each row, 1 to {@value Architecture#MAX_SIZE} */
        public Builder(int features) {
            this.features = features;
        }

        public int rows() {
            return rows;
        }

        /**
         * Adds a row.
         *
         * @param row shape (features), copied
         */
        public void add(int label, float[] row) {
            int entry = begin(label, features);
            for (int column = 0; column < features; column++) {
                if (row[column] != 0f) {
                    columns[entry] = (char) column;
                    set(entry++, row[column]);
                }
            }
            starts[++rows] = entry;
        }

        /** Adds a row of a block of as many features. */
        public void add(Block block, int row) {
            int first = block.start(row);
            int length = block.start(row + 1) - first;
            int entry = begin(block.labels[row], length);
            // The usual case: copied, it is fast even before it is compiled.
            if (!block.isDense() && block.levels != null && values == null) {
                System.arraycopy(block.columns, first, columns, entry, length);
                System.arraycopy(block.levels, first, levels, entry, length);
                entry += length;
            } else {
                for (int k = first; k < first + length; k++) {
                    if (block.value(k) != 0f) {
                        columns[entry] = (char) block.column(row, k);
                        set(entry++, block.value(k));
                    }
                }
            }
            starts[++rows] = entry;
        }

        /** Makes room for one more row of at most {@code length} entries and says where they go. */
        private int begin(int label, int length) {
            if (rows == labels.length) {
                labels = Arrays.copyOf(labels, 2 * rows);
                starts = Arrays.copyOf(starts, 2 * rows + 1);
            }
            int entry = starts[rows];
            if (entry + length > columns.length) {
                int room = Math.max(entry + length, 2 * columns.length);
                columns = Arrays.copyOf(columns, room);
                levels = values == null ? Arrays.copyOf(levels, room) : null;
                values = values == null ? null : Arrays.copyOf(values, room);
            }
            labels[rows] = label;
            return entry;
        }

        private void set(int entry, float value) {
            if (values == null) {
                int level = (int) (value * 255f + 0.5f); // if it is one
                if (level >= 0 && level < LEVELS.length && LEVELS[level] == value) {
                    levels[entry] = (byte) level;
                    return;
                }
                values = new float[columns.length];
                for (int k = 0; k < entry; k++) {
                    values[k] = LEVELS[levels[k] & 0xff];
                }
                levels = null;
            }
            values[entry] = value;
        }

        /** The rows added so far as a block; the builder can go on. */
        public Block build() {
            int entries = starts[rows];
            boolean dense = entries > DENSE * rows * features;
            return new Block(
                    features,
                    Arrays.copyOf(labels, rows),
                    dense ? null : Arrays.copyOf(starts, rows + 1),
                    dense ? null : Arrays.copyOf(columns, entries),
                    values != null ? null : dense ? denseLevels() : Arrays.copyOf(levels, entries),
                    values == null ? null : dense ? denseValues() : Arrays.copyOf(values, entries));
        }

        /** Shape (rows, features): zeros too. */
        private byte[] denseLevels() {
            byte[] dense = new byte[rows * features];
            for (int row = 0; row < rows; row++) {
                for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
                    dense[row * features + columns[entry]] = levels[entry];
                }
            }
            return dense;
        }

        /** Shape (rows, features): zeros too. */
        private float[] denseValues() {
            float[] dense = new float[rows * features];
            for (int row = 0; row < rows; row++) {
                for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
                    dense[row * features + columns[entry]] = values[entry];
                }
            }
            return dense;
        }
    }
}
