package dev.kindling.data.tables;

import dev.kindling.network.Seeds;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The rows of one task as {@link TableColumns} selects them, one after the other. It goes through them in the same way each time
 * that they are read. Not thread-safe.
 */
final class TableRows {
    /** How many features a message shows. */
    private static final int SHOWN = 10;

    private static final UTF8String NO_LABEL = UTF8String.fromString("NaN");

    private final Iterator<InternalRow> rows;
    private final TableReader reader;
    private final int targets;
    private final Features features;
    private InternalRow row;
    private String fault;
    private long skipped;
    private long faults;

    /** @param width the number of features, or -1 if it is that of the first row */
    TableRows(Iterator<InternalRow> rows, TableReader reader, int width) {
        this.rows = rows;
        this.reader = reader;
        this.targets = reader.targets().size();
        this.features = new Features(reader.form(), TableColumns.TARGETS + targets, width);
    }

    /** Goes to the next row that can be trained on; false after the last. */
    boolean next() {
        while (rows.hasNext()) {
            row = rows.next();
            String found = wrong();
            if (found == null) {
                return true;
            }
            if (reader.missing() == Missing.SKIP && isMissing(found)) {
                skipped++;
            } else {
                faults++;
                String text = found.substring(1) + ", in the row " + text();
                fault = fault == null || text.compareTo(fault) < 0 ? text : fault;
            }
        }
        return false;
    }

    /** What is wrong with the row: null for nothing; with a ? before it if something is missing, else with a !. */
    private String wrong() {
        int expected = features.width();
        int width = features.read(row);
        if (width < 0) {
            return "?found null in column " + reader.features().get(0) + ", expected features";
        }
        if (expected >= 0 && width != expected) {
            return "!found " + width + " features, expected " + expected;
        }
        if (features.missing() >= 0) {
            int feature = features.missing();
            double value = features.values()[feature];
            return "?found " + (Double.isNaN(value) ? "null or NaN" : value) + " in column " + reader.feature(feature)
                    + ", expected a finite number";
        }
        for (int k = 0; k < targets; k++) {
            if (row.isNullAt(TableColumns.TARGETS + k) || !Double.isFinite(target(k))) {
                return "?found null, NaN or an infinite number in column "
                        + reader.targets().get(k) + ", expected a finite number";
            }
        }
        if (row.isNullAt(TableColumns.LABEL) || (reader.isLabelFloat() && label().equals(NO_LABEL))) {
            return "?found null or NaN in column " + reader.label() + ", expected a label";
        }
        if (row.isNullAt(TableColumns.HELD_OUT)) {
            return "?found null in column " + reader.heldOut() + ", expected true or false";
        }
        if (row.isNullAt(TableColumns.WEIGHT) || Double.isNaN(weight())) {
            return "?found null or NaN in column " + reader.weight() + ", expected a weight";
        }
        return weight() >= 0 && Double.isFinite(weight())
                ? null
                : "!found weight " + weight() + " in column " + reader.weight()
                        + ", expected a finite number, 0 or more";
    }

    private static boolean isMissing(String found) {
        return found.charAt(0) == '?';
    }

    /** What is in the row, by which it can be found. */
    private String text() {
        String first = IntStream.range(0, Math.min(SHOWN, Math.max(0, features.width())))
                .mapToObj(k -> reader.feature(k) + " " + features.values()[k])
                .collect(Collectors.joining(", "));
        String more = features.width() > SHOWN ? ", ..." : "";
        String label = reader.label() == null
                ? ""
                : reader.label() + " " + (row.isNullAt(TableColumns.LABEL) ? "null" : label()) + ", ";
        return label + first + more;
    }

    /** The label as text. Valid until the next row. */
    UTF8String label() {
        return row.getUTF8String(TableColumns.LABEL);
    }

    double weight() {
        return row.getDouble(TableColumns.WEIGHT);
    }

    boolean isHeldOut() {
        return row.getBoolean(TableColumns.HELD_OUT);
    }

    double target(int k) {
        return row.getDouble(TableColumns.TARGETS + k);
    }

    /** The features. Valid until the next row. */
    Features features() {
        return features;
    }

    /** A seeded hash of all that is in the row. Zeros count for nothing, so it does not matter how they are written. */
    long hash() {
        long hash =
                Seeds.mix(reader.seed(), label().hashCode(), Double.doubleToLongBits(weight()), isHeldOut() ? 1 : 0);
        for (int k = 0; k < targets; k++) {
            hash = Seeds.mix(hash, Double.doubleToLongBits(target(k) + 0.0));
        }
        for (int k = 0; k < features.count(); k++) {
            int feature = features.nonZero(k);
            hash = Seeds.mix(hash, feature, Double.doubleToLongBits(features.values()[feature]));
        }
        return hash;
    }

    /** How many rows have been left out so far, because something was missing. */
    long skipped() {
        return skipped;
    }

    /** How many rows were wrong so far. */
    long faults() {
        return faults;
    }

    /** What is wrong with one of them, the first in the order of the messages; null if none is. */
    String fault() {
        return fault;
    }
}
