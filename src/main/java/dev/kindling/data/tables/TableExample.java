package dev.kindling.data.tables;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;

/**
 * One row of a table, brought to the driver for a person to look at.
 *
 * @param values shape (inputs): the features as they are in the table
 * @param label as text; empty where there are targets
 * @param targets shape (targets): as they are in the table
 */
@DefaultSerializer(JavaSerializer.class)
public record TableExample(double[] values, String label, double[] targets) implements Serializable {
    /** Whether a model cannot tell them apart. */
    boolean isLike(TableExample other) {
        return label.equals(other.label)
                && Arrays.equals(values, other.values)
                && Arrays.equals(targets, other.targets);
    }
}
