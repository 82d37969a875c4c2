package dev.kindling.data.files;

import dev.kindling.data.LabelledRows;
import dev.kindling.error.KindlingException;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns rows of (path of the file, index in it, label as long, features) into {@link LabelledRows#SCHEMA}. It returns
 * one object, filled again for each row: Spark copies each row as it comes.
 */
final class ParquetIterator implements Iterator<InternalRow> {
    private static final float MAX_PIXEL = 255f;

    private final Iterator<InternalRow> rows;
    private final String name;
    private final Map<String, Long> firstIds;
    private final ParquetFeatures form;
    private final int classes;
    private final SpecificInternalRow result = new SpecificInternalRow(LabelledRows.SCHEMA);
    private UTF8String path = UTF8String.EMPTY_UTF8;
    private long firstId; // of the file at path
    private long id;

    /**
     * @param name of the data set, for messages
     * @param firstIds the id of the first row of the file at each path
     * @param form what the features are
     */
    ParquetIterator(
            Iterator<InternalRow> rows, String name, Map<String, Long> firstIds, ParquetFeatures form, int classes) {
        this.rows = rows;
        this.name = name;
        this.firstIds = firstIds;
        this.form = form;
        this.classes = classes;
    }

    @Override
    public boolean hasNext() {
        return orUnreadable(rows::hasNext);
    }

    @Override
    public InternalRow next() {
        InternalRow row = orUnreadable(rows::next);
        if (!row.getUTF8String(0).equals(path)) {
            path = row.getUTF8String(0).clone();
            firstId = firstIds.get(path.toString());
        }
        id = firstId + row.getLong(1);
        if (row.isNullAt(2) || row.isNullAt(3)) {
            throw wrong("null", "a label and features");
        }
        long label = row.getLong(2);
        if (label < 0 || label >= classes) {
            throw wrong("label " + label, "0 to " + (classes - 1) + ": number the classes from 0");
        }
        result.setLong(0, id);
        result.setInt(1, (int) label);
        result.update(2, UnsafeArrayData.fromPrimitiveArray(features(row)));
        return result;
    }

    private float[] features(InternalRow row) {
        if (form == ParquetFeatures.BYTES) {
            byte[] bytes = row.getBinary(3);
            float[] features = new float[bytes.length];
            for (int k = 0; k < bytes.length; k++) {
                features[k] = Byte.toUnsignedInt(bytes[k]) / MAX_PIXEL;
            }
            return features;
        }
        ArrayData array = row.getArray(3);
        float[] features = new float[array.numElements()];
        for (int k = 0; k < features.length; k++) {
            if (array.isNullAt(k)) {
                throw wrong("feature " + k + " is null", "a number");
            }
            features[k] = form == ParquetFeatures.NUMBERS ? array.getFloat(k) : pixel(array.getLong(k)) / MAX_PIXEL;
        }
        return features;
    }

    private long pixel(long value) {
        if (value < 0 || value > MAX_PIXEL) {
            throw wrong("pixel " + value, "0 to 255");
        }
        return value;
    }

    private KindlingException wrong(String found, String expected) {
        return new KindlingException(name + " row " + id + ": found " + found + ", expected " + expected);
    }

    private <T> T orUnreadable(Supplier<T> read) {
        try {
            return read.get();
        } catch (TaskKilledException e) {
            throw e;
        } catch (Exception e) { // Spark's own are checked, but Scala does not declare it; its decoders throw others
            throw ParquetRows.unreadable(name, e);
        }
    }
}
