package dev.kindling.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows with what is true of them, one after the other, which keep only the features that are not zero. A {@link Block} is
 * made from them. What is true of a row is its label, or of a regression its targets.
 *
 * <p>A feature that is a pixel level k / 255f is kept as the byte k; rows with any other value keep floats. Either way
 * a value comes out as it went in, bit for bit, except -0, which becomes 0. Not thread-safe.
 */
public final class SparseRows implements Serializable {
    /** The float of each pixel level. */
    static final float[] LEVELS = allLevels();

    private static final long serialVersionUID = 1L;
    private static final float[] NO_TARGETS = {};

    private final int features;
    private final int targets;
    private int rows;
    /** Shape (rows), and room for more. */
    private int[] labels = new int[16];
    /** Shape (rows), and room for more; null as long as every weight is 1. */
    private float[] weights;
    /** Shape (rows, targets), and room for more. */
    private float[] targetValues;
    /** Shape (rows + 1), and room for more: row r is entries starts[r] to starts[r + 1] - 1. */
    private int[] starts = new int[17];
    /** Shape (entries), and room for more: each entry's feature, rising within a row: its lower 16 bits. */
    private char[] columns = new char[256];
    /** Shape (entries), and room for more: its bits above those; null where rows have no more than 65,536 features. */
    private byte[] highColumns;
    /** Shape (entries), and room for more: each entry's pixel level, or null where {@link #values} is used. */
    private byte[] levels = new byte[256];
    /** Shape (entries), and room for more: each entry's value, or null as long as every value is a pixel level. */
    private float[] values;

    /**
     * Rows without targets.
     *
     * @param features the features of each row, 1 to {@value Architecture#MAX_INPUTS}
     */
    public SparseRows(int features) {
        this(features, 0);
    }

    /**
     * @param features the features of each row, 1 to {@value Architecture#MAX_INPUTS}
     * @param targets the targets of each row; 0 for a classification
     */
    public SparseRows(int features, int targets) {
        this.features = features;
        this.targets = targets;
        this.targetValues = new float[labels.length * targets];
        this.highColumns = features > 1 << Character.SIZE ? new byte[columns.length] : null;
    }

    /** No rows, of the same shape. */
    public SparseRows another() {
        return new SparseRows(features, targets);
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
     * Adds a row of weight 1, without targets.
     *
     * @param row shape (features), copied
     */
    public void add(int label, float[] row) {
        add(label, 1f, NO_TARGETS, row);
    }

    /**
     * Adds a row.
     *
     * @param label its class; of a regression any number
     * @param weight how many rows it counts for in loss and gradient, 0 or more, with a mean near 1 over the rows to train on
     * @param rowTargets shape (targets), copied
     * @param row shape (features), copied
     */
    public void add(int label, float weight, float[] rowTargets, float[] row) {
        int entry = begin(label, weight, features);
        System.arraycopy(rowTargets, 0, targetValues, rows * targets, targets);
        for (int column = 0; column < features; column++) {
            if (row[column] != 0f) {
                columns[entry] = (char) column;
                if (highColumns != null) {
                    highColumns[entry] = (byte) (column >>> Character.SIZE);
                }
                set(entry++, row[column]);
            }
        }
        starts[++rows] = entry;
    }

    /** Adds one of other rows, which have as many features and targets. */
    public void add(SparseRows other, int row) {
        int first = other.starts[row];
        int length = other.starts[row + 1] - first;
        int entry = begin(other.labels[row], other.weight(row), length);
        System.arraycopy(other.targetValues, row * targets, targetValues, rows * targets, targets);
        System.arraycopy(other.columns, first, columns, entry, length);
        if (highColumns != null) {
            System.arraycopy(other.highColumns, first, highColumns, entry, length);
        }
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
     * Orders rows of the same shape by what is in them: labels, weights, targets, columns, values. Only equal rows compare as equal.
     *
     * @return negative, 0 or positive, as for a comparator
     */
    public static int compare(SparseRows a, int rowOfA, SparseRows b, int rowOfB) {
        int order = Integer.compare(a.labels[rowOfA], b.labels[rowOfB]);
        order = order != 0 ? order : Float.compare(a.weight(rowOfA), b.weight(rowOfB));
        for (int k = 0; order == 0 && k < a.targets; k++) {
            order = Float.compare(a.targetValues[rowOfA * a.targets + k], b.targetValues[rowOfB * b.targets + k]);
        }
        int length = a.starts[rowOfA + 1] - a.starts[rowOfA];
        order = order != 0 ? order : Integer.compare(length, b.starts[rowOfB + 1] - b.starts[rowOfB]);
        for (int k = 0; order == 0 && k < length; k++) {
            int entryOfA = a.starts[rowOfA] + k;
            int entryOfB = b.starts[rowOfB] + k;
            order = Integer.compare(a.column(entryOfA), b.column(entryOfB));
            order = order != 0 ? order : Float.compare(a.value(entryOfA), b.value(entryOfB));
        }
        return order;
    }

    /** Makes room for one more row of at most {@code length} entries and says where they go. */
    private int begin(int label, float weight, int length) {
        if (rows == labels.length) {
            resizeRows(Math.max(16, 2 * rows));
        }
        int entry = starts[rows];
        if (entry + length > columns.length) {
            resizeEntries(Math.max(entry + length, 2 * columns.length));
        }
        labels[rows] = label;
        if (weight != 1f && weights == null) {
            weights = new float[labels.length];
            Arrays.fill(weights, 0, rows, 1f);
        }
        if (weights != null) {
            weights[rows] = weight;
        }
        return entry;
    }

    private void resizeRows(int room) {
        labels = Arrays.copyOf(labels, room);
        starts = Arrays.copyOf(starts, room + 1);
        weights = weights == null ? null : Arrays.copyOf(weights, room);
        targetValues = Arrays.copyOf(targetValues, room * targets);
    }

    private void resizeEntries(int entries) {
        columns = Arrays.copyOf(columns, entries);
        highColumns = highColumns == null ? null : Arrays.copyOf(highColumns, entries);
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
        resizeRows(rows);
        resizeEntries(starts[rows]);
    }

    /** The features of each row. */
    public int features() {
        return features;
    }

    /** How many targets each row has. */
    public int targets() {
        return targets;
    }

    int label(int row) {
        return labels[row];
    }

    float weight(int row) {
        return weights == null ? 1f : weights[row];
    }

    float target(int row, int target) {
        return targetValues[row * targets + target];
    }

    /** The first entry of a row; that of the row after the last is where the entries end. */
    int start(int row) {
        return starts[row];
    }

    /** The feature of an entry. */
    int column(int entry) {
        return columns[entry] | (highColumns == null ? 0 : (highColumns[entry] & 0xff) << Character.SIZE);
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
