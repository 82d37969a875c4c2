package dev.kindling.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Labelled rows, one after the other, which keep only the features that are not zero. A {@link Block} is made from
 * them.
 *
 * <p>A feature that is a pixel level k / 255f is kept as the byte k; rows with any other value keep floats. Either way
 * a value comes out as it went in, bit for bit, except -0, which becomes 0. Not thread-safe.
 */
public final class SparseRows implements Serializable {
    /** The float of each pixel level. */
    static final float[] LEVELS = allLevels();

    private static final long serialVersionUID = 1L;

    private final int features;
    private int rows;
    /** Shape (rows), and room for more. */
    private int[] labels = new int[16];
    /** Shape (rows + 1), and room for more: row r is entries starts[r] to starts[r + 1] - 1. */
    private int[] starts = new int[17];
    /** Shape (entries), and room for more: each entry's feature, rising within a row; a char is an unsigned 16-bit number. */
    private char[] columns = new char[256];
    /** Shape (entries), and room for more: each entry's pixel level, or null where {@link #values} is used. */
    private byte[] levels = new byte[256];
    /** Shape (entries), and room for more: each entry's value, or null as long as every value is a pixel level. */
    private float[] values;

    /** @param features the features of each row, 1 to {@value Architecture#MAX_SIZE} */
    public SparseRows(int features) {
        this.features = features;
    }

    /** No rows, of the same shape. */
    public SparseRows another() {
        return new SparseRows(features);
    }

    private static float[] allLevels() {
        float[] table = new float[256];
        for (int level = 0; level < table.length; level++) {
            table[level] = level / 255f;
        }
        return table;
    }

    /** How many there are. */
    public int count() {
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

    /** Adds one of other rows, which have as many features. */
    public void add(SparseRows other, int row) {
        int first = other.starts[row];
        int length = other.starts[row + 1] - first;
        int entry = begin(other.labels[row], length);
        System.arraycopy(other.columns, first, columns, entry, length);
        // The usual case: copied, it is fast even before it is compiled.
        if (other.levels != null && values == null) {
            System.arraycopy(other.levels, first, levels, entry, length);
        } else {
            for (int k = 0; k < length; k++) {
                set(entry + k, other.value(first + k));
            }
        }
        starts[++rows] = entry + length;
    }

    /**
     * Orders rows by what is in them: labels, columns, values. Only equal rows compare as equal.
     *
     * @return negative, 0 or positive, as for a comparator
     */
    public static int compare(SparseRows a, int rowOfA, SparseRows b, int rowOfB) {
        int order = Integer.compare(a.labels[rowOfA], b.labels[rowOfB]);
        int length = a.starts[rowOfA + 1] - a.starts[rowOfA];
        order = order != 0 ? order : Integer.compare(length, b.starts[rowOfB + 1] - b.starts[rowOfB]);
        for (int k = 0; order == 0 && k < length; k++) {
            int entryOfA = a.starts[rowOfA] + k;
            int entryOfB = b.starts[rowOfB] + k;
            order = Character.compare(a.columns[entryOfA], b.columns[entryOfB]);
            order = order != 0 ? order : Float.compare(a.value(entryOfA), b.value(entryOfB));
        }
        return order;
    }

    /** Makes room for one more row of at most {@code length} entries and says where they go. */
    private int begin(int label, int length) {
        if (rows == labels.length) {
            int room = Math.max(16, 2 * rows);
            labels = Arrays.copyOf(labels, room);
            starts = Arrays.copyOf(starts, room + 1);
        }
        int entry = starts[rows];
        if (entry + length > columns.length) {
            resize(Math.max(entry + length, 2 * columns.length));
        }
        labels[rows] = label;
        return entry;
    }

    private void resize(int entries) {
        columns = Arrays.copyOf(columns, entries);
        levels = values == null ? Arrays.copyOf(levels, entries) : null;
        values = values == null ? null : Arrays.copyOf(values, entries);
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

    /** Frees the room for more rows; the next row that is added makes new room. */
    public void trim() {
        labels = Arrays.copyOf(labels, rows);
        starts = Arrays.copyOf(starts, rows + 1);
        resize(starts[rows]);
    }

    /** The features of each row. */
    public int features() {
        return features;
    }

    int label(int row) {
        return labels[row];
    }

    /** The first entry of a row; that of the row after the last is where the entries end. */
    int start(int row) {
        return starts[row];
    }

    /** The feature of an entry. */
    int column(int entry) {
        return columns[entry];
    }

    /** Whether every value is a pixel level. */
    boolean hasLevels() {
        return values == null;
    }

    /** The level of an entry, of rows that have levels. */
    byte level(int entry) {
        return levels[entry];
    }

    /** The value of an entry. */
    float value(int entry) {
        return values == null ? LEVELS[levels[entry] & 0xff] : values[entry];
    }
}
