package dev.kindling.data.tables;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.data.HashCounts;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What a first pass over the rows of a table finds: how many there are, their labels, the ranges of their numbers, and what is
 * wrong with them. It is the same for any order of the rows and any partitions.
 */
@DefaultSerializer(JavaSerializer.class)
final class TableSurvey implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of the rows that do not say that they are held out. */
    private final HashCounts counts = new HashCounts();
    /** Of those that do. */
    private final HashCounts heldOutCounts = new HashCounts();
    /** Of each label, by its text: how many rows. No more than are allowed, and one. */
    private final Map<String, Long> labels = new HashMap<>();
    /** Of features and then of targets, in rows whose weight is not 0; null if there are no rows. */
    private ColumnRanges ranges;

    private int features = -1;
    private double maxWeight;
    private RowFaults faults = new RowFaults();

    /** Surveys rows as {@link TableColumns} selects them, in a Spark job. */
    static TableSurvey of(JavaRDD<InternalRow> rows, TableReader how) {
        if (rows.getNumPartitions() == 0) {
            return new TableSurvey();
        }
        return rows.mapPartitions(part ->
                        List.of(of(how.open(part, -1), how.targets().size())).iterator())
                .treeReduce(TableSurvey::plus);
    }

    /** Surveys the rows of a partition. */
    static TableSurvey of(TableRows rows, int targets) {
        TableSurvey survey = new TableSurvey();
        Map<UTF8String, long[]> found = new HashMap<>();
        while (rows.next()) {
            survey.add(rows, targets);
            if (!found.containsKey(rows.label())) {
                if (found.size() > Architecture.MAX_SIZE) {
                    continue;
                }
                found.put(rows.label().copy(), new long[1]);
            }
            found.get(rows.label())[0]++;
        }
        found.forEach((label, count) -> survey.labels.put(label.toString(), count[0]));
        survey.faults = rows.faults();
        return survey;
    }

    private void add(TableRows rows, int targets) {
        Features row = rows.features();
        if (ranges == null) {
            features = row.width();
            ranges = new ColumnRanges(features + targets);
        }
        if (rows.weight() > 0) {
            addToRanges(rows, targets);
        }
        maxWeight = Math.max(maxWeight, rows.weight());
        (rows.isHeldOut() ? heldOutCounts : counts).add(rows.hash());
    }

    private void addToRanges(TableRows rows, int targets) {
        Features row = rows.features();
        ranges.addRow();
        for (int k = 0; k < row.count(); k++) {
            int feature = row.nonZero(k);
            ranges.add(feature, row.values()[feature]);
        }
        for (int k = 0; k < targets; k++) {
            if (rows.target(k) != 0) {
                ranges.add(features + k, rows.target(k));
            }
        }
    }

    /** Adds what was found in other rows. */
    TableSurvey plus(TableSurvey other) {
        counts.add(other.counts);
        heldOutCounts.add(other.heldOutCounts);
        if (ranges != null && other.ranges != null && features != other.features) {
            faults.add("found rows of " + Math.min(features, other.features) + " and of "
                    + Math.max(features, other.features) + " features, expected as many in each");
            return this;
        }
        other.labels.forEach((label, count) -> {
            if (labels.size() <= Architecture.MAX_SIZE || labels.containsKey(label)) {
                labels.merge(label, count, Long::sum);
            }
        });
        if (ranges == null) {
            ranges = other.ranges;
            features = other.features;
        } else if (other.ranges != null) {
            ranges.add(other.ranges);
        }
        maxWeight = Math.max(maxWeight, other.maxWeight);
        faults.add(other.faults);
        return this;
    }

    /**
     * Refuses rows of which one is wrong, and those of which none is left.
     *
     * @param source where they come from, for messages
     */
    void requireSound(String source) {
        faults.requireNone(source);
        if (rows() == 0) {
            String left = faults.skipped() > 0 ? ", all " + faults.skipped() + " rows have something missing" : "";
            throw new KindlingException(source + ": found no rows" + left + ", expected some to train on");
        }
    }

    /** All rows that can be trained on, those that are held out too. */
    long rows() {
        return counts.rows() + heldOutCounts.rows();
    }

    HashCounts counts() {
        return counts;
    }

    /** Of the rows that say themselves that they are held out. */
    HashCounts heldOutCounts() {
        return heldOutCounts;
    }

    Map<String, Long> labels() {
        return labels;
    }

    /** Of features and then of targets, in rows whose weight is not 0. */
    ColumnRanges ranges() {
        return ranges;
    }

    /** How many features a row has. */
    int features() {
        return features;
    }

    double maxWeight() {
        return maxWeight;
    }

    /** What is wrong with rows. */
    RowFaults faults() {
        return faults;
    }
}
