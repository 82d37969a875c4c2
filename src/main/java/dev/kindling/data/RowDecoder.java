package dev.kindling.data;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.SparseRows;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Checks rows of {@link LabelledRows#SCHEMA} and packs them.
 *
 * <p>Takes Spark's internal rows, because a public Row boxes every feature: 47 million objects for MNIST. Not thread-safe:
 * one for each task.
 */
public final class RowDecoder implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final long rows;
    private final int features;
    private final int classes;
    private final int targets;
    /** Shape (features). */
    private transient float[] scratch;

    /**
     * @param source for messages
     * @param rows the number of rows that ids must be below
     * @param architecture says how many features and classes are expected
     */
    public RowDecoder(String source, long rows, Architecture architecture) {
        this.source = source;
        this.rows = rows;
        this.features = architecture.inputs();
        this.classes = architecture.classes();
        this.targets = architecture.targets();
    }

    /** How many targets each row has. */
    int targets() {
        return targets;
    }

    /** The row's id. */
    public long id(InternalRow row) {
        long id = row.getLong(0);
        if (id < 0 || id >= rows) {
            throw new KindlingException(source + ": found id " + id + ", expected 0 to " + (rows - 1));
        }
        return id;
    }

    /**
     * Adds the row to those that are packed already.
     *
     * @throws KindlingException if its label is out of range, or its features are too few, too many or not finite
     */
    public void addTo(SparseRows packed, InternalRow row) {
        if (row.isNullAt(1) || row.isNullAt(2)) {
            throw wrong(row, "a label or features that are null", "both");
        }
        int label = row.getInt(1);
        if (label < 0 || label >= classes) {
            throw wrong(row, "label " + label, "0 to " + (classes - 1) + ": number the classes from 0");
        }
        ArrayData array = row.getArray(2);
        if (array.numElements() != features) {
            throw wrong(row, array.numElements() + " features", String.valueOf(features));
        }
        float[] values = floats(array);
        for (int k = 0; k < features; k++) {
            if (values[k] != 0f && !Float.isFinite(values[k])) { // most are 0, and this loop is hot
                throw wrong(row, "feature " + k + " is " + values[k], "a finite number");
            }
        }
        packed.add(label, values);
    }

    private float[] floats(ArrayData array) {
        if (!(array instanceof UnsafeArrayData unsafe)) {
            return array.toFloatArray();
        }
        if (scratch == null) {
            scratch = new float[features];
        }
        UnsafeFloats.copy(unsafe, scratch);
        return scratch;
    }

    private KindlingException wrong(InternalRow row, String found, String expected) {
        return new KindlingException(source + " row " + row.getLong(0) + ": found " + found + ", expected " + expected);
    }
}
