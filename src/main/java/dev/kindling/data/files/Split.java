package dev.kindling.data.files;

/** The two parts of a labelled data set. */
public enum Split {
    /** What the network learns from. */
    TRAIN,
    /** What it is evaluated on, at the end. */
    TEST
}
