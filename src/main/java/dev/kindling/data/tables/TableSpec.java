package dev.kindling.data.tables;

import java.util.List;
import java.util.Optional;

/**
 * Which columns of a DataFrame are what, as a caller says it.
 *
 * @param features one column of arrays, vectors or bytes, or any number of columns of numbers and booleans; empty for all
 *     columns but the others
 * @param label the column of the classes; empty where there are targets
 * @param labels the classes, as values of that column or their text; empty for those that are in the rows
 * @param targets columns of numbers to be predicted; empty where there is a label
 * @param weight the column of the rows' weights, if there is one
 * @param heldOut the boolean column that says which rows are held out for validation, if there is one
 * @param missing what to do with rows in which something is null, NaN or infinite
 */
public record TableSpec(
        List<String> features,
        Optional<String> label,
        List<?> labels,
        List<String> targets,
        Optional<String> weight,
        Optional<String> heldOut,
        Missing missing) {

    /** All columns are features, and nothing may be missing. */
    public static final TableSpec ALL = new TableSpec(
            List.of(), Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty(), Missing.ERROR);

    /** With other features. */
    public TableSpec withFeatures(List<String> columns) {
        return new TableSpec(columns, label, labels, targets, weight, heldOut, missing);
    }

    /** With a label, and so without targets. */
    public TableSpec withLabel(String column) {
        return new TableSpec(features, Optional.of(column), labels, List.of(), weight, heldOut, missing);
    }

    /** With classes that the caller names. */
    public TableSpec withLabels(List<?> values) {
        return new TableSpec(features, label, values, targets, weight, heldOut, missing);
    }

    /** With targets, and so without a label. */
    public TableSpec withTargets(List<String> columns) {
        return new TableSpec(features, Optional.empty(), List.of(), columns, weight, heldOut, missing);
    }

    /** With a column of weights. */
    public TableSpec withWeight(String column) {
        return new TableSpec(features, label, labels, targets, Optional.of(column), heldOut, missing);
    }

    /** With a column that says which rows are held out. */
    public TableSpec withHeldOut(String column) {
        return new TableSpec(features, label, labels, targets, weight, Optional.of(column), missing);
    }

    /** With another way of treating what is missing. */
    public TableSpec withMissing(Missing other) {
        return new TableSpec(features, label, labels, targets, weight, heldOut, other);
    }
}
