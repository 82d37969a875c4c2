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

    /** Odd and without a pattern, so that a hash tells the same value in two features apart. */
    private static final long FEATURE = 0xd1342543de82ef95L;

    private static final UTF8String NO_LABEL = UTF8String.fromString("NaN");

    private final Iterator<InternalRow> rows;
    private final TableReader reader;
    private final int targets;
    private final Features features;
    private InternalRow row;
    /** How many features the rows before it have, or -1. */
    private int expectedWidth;
    /** How many it has, or -1. */
    private int width;

    private final RowFaults faults = new RowFaults();

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
            String missing = missing();
            if (missing != null && reader.missing() == Missing.SKIP) {
                faults.skip();
                continue;
            }
            String wrong = missing == null ? wrong() : missing;
            if (wrong == null) {
                return true;
            }
            faults.add(wrong + ", in the row " + text());
        }
        return false;
    }

    /** Reads the features, and says what of the row is missing: null for nothing. */
    private String missing() {
        expectedWidth = features.width();
        width = features.read(row);
        if (width < 0) {
            return "found null in column " + reader.features().get(0) + ", expected features";
        }
        if (!fits()) {
            return null;
        }
        if (features.missing() >= 0) {
            int feature = features.missing();
            double value = features.values()[feature];
            return "found " + (Double.isNaN(value) ? "null or NaN" : value) + " in column " + reader.feature(feature)
                    + ", expected a finite number";
        }
        for (int k = 0; k < targets; k++) {
            if (row.isNullAt(TableColumns.TARGETS + k) || !Double.isFinite(target(k))) {
                return "found null, NaN or an infinite number in column "
                        + reader.targets().get(k) + ", expected a finite number";
            }
        }
        if (row.isNullAt(TableColumns.LABEL) || (reader.isLabelFloat() && label().equals(NO_LABEL))) {
            return "found null or NaN in column " + reader.label() + ", expected a label";
        }
        if (row.isNullAt(TableColumns.HELD_OUT)) {
            return "found null in column " + reader.heldOut() + ", expected true or false";
        }
        return row.isNullAt(TableColumns.WEIGHT) || Double.isNaN(weight())
                ? "found null or NaN in column " + reader.weight() + ", expected a weight"
                : null;
    }

    /** What else is wrong with the row: null for nothing. */
    private String wrong() {
        if (!fits()) {
            return "found " + width + " features, expected " + expectedWidth;
        }
        return weight() >= 0 && Double.isFinite(weight())
                ? null
                : "found weight " + weight() + " in column " + reader.weight()
                        + ", expected a finite number, 0 or more";
    }

    private boolean fits() {
        return expectedWidth < 0 || width == expectedWidth;
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
            hash = Seeds.add(hash, Double.doubleToLongBits(target(k) + 0.0));
        }
        for (int k = 0; k < features.count(); k++) {
            int feature = features.nonZero(k);
            hash = Seeds.add(hash, feature * FEATURE + Double.doubleToLongBits(features.values()[feature]));
        }
        return hash;
    }

    /** What was wrong so far. */
    RowFaults faults() {
        return faults;
    }
}
