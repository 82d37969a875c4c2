package dev.kindling.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some rows of a data set, packed: labels, and the features that are not zero.
 *
 * <p>Four fifths of MNIST's pixels are zero, so this takes 27 MB where the raw pixels take 47. A feature that is a
 * pixel level k / 255f is kept as the byte k; a block with any other value keeps floats. Either way the value that
 * comes out is the one that went in, bit for bit, but for -0, which becomes 0.
 *
 * <p>Immutable, and shared freely between threads.
 */
public final class Block implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The float of each pixel level. */
    private static final float[] LEVELS = levels();

    private final int features;
    /** Shape (rows). */
    private final int[] labels;
    /** Shape (rows + 1): the non-zero features of row r are entries starts[r] to starts[r + 1] - 1. */
    private final int[] starts;
    /** Shape (entries): each entry's feature, rising within a row; a char is an unsigned 16-bit number. */
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

    /**
     * Unpacks all rows.
     *
     * @param dense receives shape (rows, features), row-major; what lies behind that is left alone
     */
    public void unpack(float[] dense) {
        Arrays.fill(dense, 0, rows() * features, 0f);
        for (int row = 0; row < rows(); row++) {
            for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
                dense[row * features + columns[entry]] = value(entry);
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
        for (int entry = 0; entry < columns.length; entry++) {
            sums[columns[entry]] += value(entry);
        }
    }

    /** A hash of one row's label and features. */
    public long hash(int row) {
        long hash = labels[row];
        for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
            hash = Seeds.mix(hash, (long) columns[entry] << Integer.SIZE | Float.floatToIntBits(value(entry)));
        }
        return hash;
    }

    private float value(int entry) {
        return levels == null ? values[entry] : LEVELS[levels[entry] & 0xff];
    }

    private static float[] levels() {
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
        private float[] values = new float[256];
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
                    values[entry++] = row[column];
                }
            }
            starts[++rows] = entry;
        }

        /** Adds all rows of a block of as many features. */
        public void add(Block block) {
            for (int row = 0; row < block.rows(); row++) {
                int first = block.starts[row];
                int length = block.starts[row + 1] - first;
                int entry = begin(block.labels[row], length);
                System.arraycopy(block.columns, first, columns, entry, length);
                for (int k = 0; k < length; k++) {
                    values[entry + k] = block.value(first + k);
                }
                starts[++rows] = entry + length;
            }
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
                values = Arrays.copyOf(values, room);
            }
            labels[rows] = label;
            return entry;
        }

        /** The rows added so far as a block; the builder can go on. */
        public Block build() {
            int entries = starts[rows];
            byte[] levels = new byte[entries];
            boolean allLevels = true;
            for (int k = 0; k < entries && allLevels; k++) {
                int level = Math.round(values[k] * 255f);
                allLevels = level > 0 && level < LEVELS.length && LEVELS[level] == values[k];
                levels[k] = (byte) level;
            }
            return new Block(
                    features,
                    Arrays.copyOf(labels, rows),
                    Arrays.copyOf(starts, rows + 1),
                    Arrays.copyOf(columns, entries),
                    allLevels ? levels : null,
                    allLevels ? null : Arrays.copyOf(values, entries));
        }
    }
}
