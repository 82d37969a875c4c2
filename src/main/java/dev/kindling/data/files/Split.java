package dev.kindling.data.files;

/** The two halves of a labelled data set. */
public enum Split {
    /** What the network learns from. */
    TRAIN,
    /** What it is judged by, at the end. */
    TEST
}
