package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import java.util.List;

/**
 * The numbers that a model predicts.
 *
 * @param columns that they were read from, one for each output of the network
 * @param standardisation what was done with them before training, and is undone after a prediction
 */
public record Targets(List<String> columns, Standardisation standardisation) {
    /** @throws KindlingException if there are not as many columns as numbers */
    public Targets {
        columns = List.copyOf(columns);
        if (columns.size() != standardisation.inputs()) {
            throw new KindlingException("found " + columns.size() + " columns of targets and "
                    + standardisation.inputs() + " scales, expected as many of both");
        }
    }
}
