package dev.kindling.storage;

import dev.kindling.network.Standardisation;
import java.util.List;

/**
 * The numbers that a model predicts.
 *
 * @param columns that they were read from, one for each output of the network
 * @param standardisation what was done with them before training, and is undone after a prediction
 */
public record Targets(List<String> columns, Standardisation standardisation) {
    public Targets {
        columns = List.copyOf(columns);
    }
}
