package dev.kindling.data;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;

/**
 * Copies floats to and from Spark's arrays as memory. Spark's own methods make a new array each time, or copy one
 * number at a time.
 */
public final class UnsafeFloats {
    private UnsafeFloats() {}

    /**
     * Fills an array of Spark's.
     *
     * @param to as long as {@code from}, and of floats
     */
    public static void copy(float[] from, UnsafeArrayData to) {
        Platform.copyMemory(
                from, Platform.FLOAT_ARRAY_OFFSET, to.getBaseObject(), start(to), (long) from.length * Float.BYTES);
    }

    /**
     * Fills a Java array.
     *
     * @param to as long as {@code from}, which is of floats
     */
    public static void copy(UnsafeArrayData from, float[] to) {
        Platform.copyMemory(
                from.getBaseObject(), start(from), to, Platform.FLOAT_ARRAY_OFFSET, (long) to.length * Float.BYTES);
    }

    private static long start(UnsafeArrayData array) {
        return array.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(array.numElements());
    }
}
