package dev.kindling.data.files;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.UnsafeFloats;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The rows of a range as {@link LabelledRows#SCHEMA} in Spark's internal form, which does not box every feature as a
 * public Row does. It returns one object, filled again for each row: Spark copies each row as it comes.
 */
final class RowIterator implements Iterator<InternalRow> {
    private final RowReader reader;
    private final float[] features;
    /** The features of the row, filled again for each: to make 60,000 arrays takes as long as to read their pixels. */
    private final UnsafeArrayData array;

    private final SpecificInternalRow row = new SpecificInternalRow(LabelledRows.SCHEMA);
    private final long end;
    private long id;

    RowIterator(RowRange range, Configuration conf) {
        reader = range.open(conf);
        features = new float[range.features()];
        array = UnsafeArrayData.fromPrimitiveArray(features);
        row.update(2, array);
        id = range.first();
        end = range.first() + range.rows();
        // Not after the last row: a job such as first() stops before it.
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> reader.close());
    }

    @Override
    public boolean hasNext() {
        return id < end;
    }

    @Override
    public InternalRow next() {
        if (id == end) {
            throw new NoSuchElementException();
        }
        row.setLong(0, id++);
        row.setInt(1, reader.next(features));
        UnsafeFloats.copy(features, array);
        return row;
    }
}
