package dev.kindling.data.tables;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/** The numbers of labels, from 0, by their text; without labels each text has the number 0. */
final class LabelNumbers implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<String> labels;
    private transient Map<UTF8String, Integer> numbers;

    /** @param labels in their order */
    LabelNumbers(List<String> labels) {
        this.labels = List.copyOf(labels);
    }

    /** How many there are, at least 1. */
    int count() {
        return Math.max(1, labels.size());
    }

    /** The number of a label; null if it is none of them. */
    Integer of(UTF8String text) {
        if (labels.isEmpty()) {
            return 0;
        }
        if (numbers == null) {
            numbers = new HashMap<>();
            labels.forEach(label -> numbers.put(UTF8String.fromString(label), numbers.size()));
        }
        return numbers.get(text);
    }
}
