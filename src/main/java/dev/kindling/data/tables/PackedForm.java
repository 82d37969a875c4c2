package dev.kindling.data.tables;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import java.io.Serializable;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What rows become when they are packed.
 *
 * @param source where they come from, for messages
 * @param labels which number each label gets
 * @param factors shape (labels): by what the weight of a row is multiplied, so that the mean of all is 1
 * @param inputs how features are standardised
 * @param targets how targets are standardised
 */
record PackedForm(String source, LabelNumbers labels, double[] factors, Standardisation inputs, Standardisation targets)
        implements Serializable {

    /** The number of a label. */
    int label(UTF8String text) {
        Integer number = labels.of(text);
        if (number == null) {
            throw new KindlingException(
                    source + ": found label " + text
                            + " when it was read again, which was not there before: a source that changes must be saved or cached");
        }
        return number;
    }
}
