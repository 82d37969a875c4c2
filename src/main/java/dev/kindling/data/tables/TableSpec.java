package dev.kindling.data.tables;

import java.util.List;
import java.util.Optional;

/**
 * Which columns of a DataFrame are what, as a caller says it.
 *
 * @param features one column of arrays, vectors or bytes, or any number of columns of numbers and booleans; empty for all
 *     columns but the others
 * @param label the column of the classes; empty where there are targets
 * @param targets columns of numbers to be predicted; empty where there is a label
 * @param weight the column of the rows' weights, if there is one
 * @param heldOut the boolean column that says which rows are held out for validation, if there is one
 * @param missing what to do with rows in which something is null, NaN or infinite
 */
public record TableSpec(
        List<String> features,
        Optional<String> label,
        List<String> targets,
        Optional<String> weight,
        Optional<String> heldOut,
        Missing missing) {}
