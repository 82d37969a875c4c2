package dev.kindling.storage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run of training after one of its steps: everything that the next steps depend on. The place in the order of the
 * data is not saved, because seed and step give it.
 *
 * @param recipe every setting of the run, by the name of its option
 * @param rows how many rows the data set has
 * @param fingerprint depends on every row's id, label and features
 * @param blas what computed the large dense products
 * @param step the steps taken, at least 1
 * @param parameters what the optimiser moves, laid out as {@link dev.kindling.network.Architecture} says
 * @param optimizer its state: what {@link dev.kindling.network.Optimizer#state} has, one after the other
 * @param silent shape (hidden units): on how many rows in succession each has been zero
 * @param best the best evaluation of the validation rows so far
 * @param history of the steps so far
 */
public record Checkpoint(
        Map<String, String> recipe,
        long rows,
        String fingerprint,
        String blas,
        int step,
        float[] parameters,
        Numbers optimizer,
        long[] silent,
        Best best,
        List<HistoryRow> history) {

    /**
     * The parameters with the smallest validation loss so far.
     *
     * @param step the steps that led to them; 0 before the first evaluation
     * @param loss of the validation rows, in nats; infinite before the first evaluation
     * @param parameters for inputs as they are; empty before the first evaluation
     */
    public record Best(int step, double loss, float[] parameters) {
        /** Before the first evaluation. */
        public static final Best NONE = new Best(0, Double.POSITIVE_INFINITY, new float[0]);
    }

    /** The SHA-256 of all of it, in hex. */
    String digest() {
        return Digest.of(out -> {
            for (String text : List.of(new TreeMap<>(recipe).toString(), fingerprint, blas)) {
                out.writeUTF(text);
            }
            out.writeLong(rows);
            out.writeInt(step);
            Digest.write(out, parameters);
            for (double[] values : optimizer.arrays()) {
                for (double value : values) {
                    out.writeDouble(value);
                }
            }
            for (long count : silent) {
                out.writeLong(count);
            }
            out.writeInt(best.step());
            out.writeDouble(best.loss());
            Digest.write(out, best.parameters());
            for (HistoryRow row : history) {
                out.writeInt(row.step());
                out.writeDouble(row.loss());
                out.writeDouble(row.validationLoss());
                out.writeDouble(row.seconds());
            }
        });
    }
}
