package dev.kindling.data.tables;

import dev.kindling.storage.FeatureForm;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * The features of one row, read from Spark's internal form of it, and then of the next one. Not thread-safe: one for each task.
 */
final class Features {
    /** The fields of a vector of Spark ML: type, size, indices, values. */
    private static final int VECTOR_FIELDS = 4;

    private final FeatureForm form;
    /** The ordinal of the first column. */
    private final int first;

    private double[] values;
    private int[] nonZeros;
    private int count;
    /** Where the first value that is missing is, or -1. */
    private int missing;

    /**
     * @param first the ordinal of the first column
     * @param width the number of features, or -1 to take it from the first row
     */
    Features(FeatureForm form, int first, int width) {
        this.form = form;
        this.first = first;
        if (width >= 0) {
            resize(width);
        }
    }

    private void resize(int width) {
        values = new double[width];
        nonZeros = new int[width];
    }

    /**
     * Reads a row.
     *
     * @return how many features it has, which are read if there are as many as before; -1 if the column is null
     */
    int read(InternalRow row) {
        missing = -1;
        return switch (form) {
            case COLUMNS -> readColumns(row);
            case ARRAY -> row.isNullAt(first) ? -1 : readArray(row.getArray(first));
            case VECTOR -> row.isNullAt(first) ? -1 : readVector(row.getStruct(first, VECTOR_FIELDS));
            case BYTES -> row.isNullAt(first) ? -1 : readBytes(row.getBinary(first));
        };
    }

    /** Makes room at the first row; false if a later one has another length. */
    private boolean fits(int width) {
        if (values == null) {
            resize(width);
        }
        Arrays.fill(values, 0);
        count = 0;
        return width == values.length;
    }

    private void set(int feature, double value) {
        if (value != 0) {
            values[feature] = value;
            nonZeros[count++] = feature;
            if (missing < 0 && !Double.isFinite(value)) {
                missing = feature;
            }
        }
    }

    private int readColumns(InternalRow row) {
        int width = values.length;
        fits(width);
        for (int k = 0; k < width; k++) {
            set(k, row.isNullAt(first + k) ? Double.NaN : row.getDouble(first + k));
        }
        return width;
    }

    private int readArray(ArrayData array) {
        int width = array.numElements();
        if (fits(width)) {
            for (int k = 0; k < width; k++) {
                set(k, array.isNullAt(k) ? Double.NaN : array.getDouble(k));
            }
        }
        return width;
    }

    private int readVector(InternalRow vector) {
        ArrayData all = vector.getArray(3);
        boolean isSparse = !vector.isNullAt(1);
        int width = isSparse ? vector.getInt(1) : all.numElements();
        if (fits(width)) {
            ArrayData indices = isSparse ? vector.getArray(2) : null;
            for (int k = 0; k < all.numElements(); k++) {
                set(isSparse ? indices.getInt(k) : k, all.getDouble(k));
            }
        }
        return width;
    }

    private int readBytes(byte[] pixels) {
        if (fits(pixels.length)) {
            for (int k = 0; k < pixels.length; k++) {
                set(k, pixels[k] & 0xff);
            }
        }
        return pixels.length;
    }

    /** How many there are; -1 before the first row, where it is not known. */
    int width() {
        return values == null ? -1 : values.length;
    }

    /** Shape (features): all of them; NaN where one is null. Valid until the next row is read. */
    double[] values() {
        return values;
    }

    /** How many are not zero. */
    int count() {
        return count;
    }

    /** The k-th feature that is not zero, in their order. */
    int nonZero(int k) {
        return nonZeros[k];
    }

    /** The first feature that is null, NaN or infinite; -1 if none is. */
    int missing() {
        return missing;
    }
}
