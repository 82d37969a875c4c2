package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.util.Arrays;
import java.util.List;

/** How the features of a row are given. */
public enum FeatureForm {
    /** A column of numbers or booleans for each. */
    COLUMNS,
    /** One column, an array of numbers or booleans. */
    ARRAY,
    /** One column, a vector of Spark ML, dense or sparse. */
    VECTOR,
    /** One column of bytes, 0 to 255 each: pixels. */
    BYTES;

    /**
     * Finds one by its name.
     *
     * @throws KindlingException if there is none
     */
    static FeatureForm of(String name) {
        return Arrays.stream(values())
                .filter(form -> form.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new KindlingException(
                        "found inputs of form '" + name + "', expected one of " + Arrays.toString(values())));
    }

    /**
     * The name of a feature, for people: that of its column, and of forms of one column with its place.
     *
     * @param columns the names of the columns
     */
    public String name(List<String> columns, int feature) {
        return this == COLUMNS ? columns.get(feature) : columns.get(0) + "[" + feature + "]";
    }
}
