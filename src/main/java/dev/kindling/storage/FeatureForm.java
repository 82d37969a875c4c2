package dev.kindling.storage;

/** How the features of a row are given. */
public enum FeatureForm {
    /** A column of numbers or booleans for each. */
    COLUMNS,
    /** One column, an array of numbers or booleans. */
    ARRAY,
    /** One column, a vector of Spark ML, dense or sparse. */
    VECTOR,
    /** One column of bytes, 0 to 255 each: pixels. */
    BYTES
}
