package dev.kindling.data;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Neighbouring rows of a data set, read by one task. */
interface RowRange extends Serializable {
    /** The id of the first row. */
    long first();

    /** The number of rows. */
    long rows();

    /** The length of every row's features. */
    int features();

    /** A reader that stands before the first row. */
    RowReader open(Configuration conf);
}
