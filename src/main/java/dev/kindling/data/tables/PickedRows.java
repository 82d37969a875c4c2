package dev.kindling.data.tables;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.stream.IntStream;

/** How many rows were found where one was looked for, and whether they are all like the first. No more than one is kept. */
@DefaultSerializer(JavaSerializer.class)
final class PickedRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private long count;
    private TableExample first;
    private boolean isOne;
    private RowFaults faults = new RowFaults();

    /** Those of a partition. */
    static PickedRows of(TableRows rows, int targets) {
        PickedRows picked = new PickedRows();
        while (rows.next()) {
            picked.add(new TableExample(
                    rows.features().values().clone(),
                    rows.label().toString(),
                    IntStream.range(0, targets).mapToDouble(rows::target).toArray()));
        }
        picked.faults = rows.faults();
        return picked;
    }

    private void add(TableExample example) {
        isOne = count == 0 || (isOne && first.isLike(example));
        first = count == 0 ? example : first;
        count++;
    }

    /** Adds what was found elsewhere. */
    PickedRows plus(PickedRows other) {
        if (other.count > 0) {
            isOne = count == 0 ? other.isOne : isOne && other.isOne && first.isLike(other.first);
            first = count == 0 ? other.first : first;
            count += other.count;
        }
        faults.add(other.faults);
        return this;
    }

    /** How many, equal ones too. */
    long count() {
        return count;
    }

    /** Whether there is one, or several that are alike. */
    boolean isOne() {
        return isOne;
    }

    /** One of them; null if there are none. */
    TableExample first() {
        return first;
    }

    /** What is wrong with rows. */
    RowFaults faults() {
        return faults;
    }
}
