package dev.kindling.ml;

import dev.kindling.TableModel;
import dev.kindling.storage.HistoryRow;
import java.io.Serializable;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How training went.
 *
 * @param losses before each iteration, or before every 2nd, 4th and so on of more than 10,000, and at last that of the model
 * @param iterations that were taken
 */
record Progress(double[] losses, int iterations) implements Serializable {
    static Progress of(TableModel fitted) {
        List<HistoryRow> history = fitted.history();
        double[] losses = DoubleStream.concat(
                        history.stream().mapToDouble(HistoryRow::loss),
                        DoubleStream.of(fitted.provenance().loss()))
                .toArray();
        return new Progress(losses, history.get(history.size() - 1).step());
    }
}
