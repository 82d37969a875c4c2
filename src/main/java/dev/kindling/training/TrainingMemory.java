package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Lbfgs;
import java.util.List;

/**
 * The memory of training, by the arrays that are there at the same time. The rows come on top, but Spark moves them to disk
 * where there is no room, and so do Spark's own objects: {@link #SPARK}.
 *
 * @param driver bytes on the driver, beside the tasks that run there
 * @param task bytes of each of the tasks that run at the same time
 */
public record TrainingMemory(long driver, long task) {
    /** What Spark and its classes take of a heap before there is a network: measured, about 100 MB. */
    public static final long SPARK = 100L << 20;

    /** What a task sends beside the sums: counts, and the times of its partitions. */
    private static final int ROOM = 1 << 20;

    /** The sums that a task sends must fit one array: those of more parameters than this, in all runs together, do not. */
    public static final long MOST_SENT = (Integer.MAX_VALUE - ROOM) / Long.BYTES;

    /**
     * The memory of runs that are trained side by side.
     *
     * @param recipes one for each, of the same layers
     */
    public static TrainingMemory of(List<Recipe> recipes) {
        Architecture layers = recipes.get(0).layers();
        long floats = (long) Float.BYTES * layers.parameters();
        long longs = (long) Long.BYTES * layers.parameters();
        int runs = recipes.size();
        long driver = 0;
        long most = 0; // of the checkpoints that are read, one after the other
        for (Recipe recipe : recipes) {
            boolean keepsBest = recipe.validation().validationFraction() > 0;
            long state = states(recipe) * longs;
            // Parameters, those for raw inputs, these as the Training tab has them, and the best.
            driver += (keepsBest ? 4 : 3) * floats + state;
            most = Math.max(most, floats + state);
        }
        long step = runs * (longs + floats) // sums, and the order
                + longs // the mean gradient of one run after the other
                + floats; // its new parameters
        long job = runs
                * (2 * floats // the parameters as they are sent, and their copy that executors fetch
                        + 3 * longs); // sums, those of a task, and these as they come
        long task = floats // the gradient of a block
                + runs
                        * (floats // the parameters, as they were received
                                + 2 * floats // the network's own, and its gradient
                                + scratch(layers)
                                + longs // the sums
                                + 2 * longs); // their bytes, and Spark's copy of these
        return new TrainingMemory(driver + Math.max(most, Math.max(step, job)), task);
    }

    /** How many numbers an optimiser keeps for each parameter. */
    private static int states(Recipe recipe) {
        return switch (recipe.optimizer()) {
            case GD -> 0;
            case MOMENTUM -> 1;
            case ADAM -> 2;
            case LBFGS -> Lbfgs.STATES;
        };
    }

    /** What a block goes through: activations and deltas of each unit, and the outputs. */
    private static long scratch(Architecture layers) {
        long units = (long) layers.hiddenUnits() + layers.outputs();
        return Float.BYTES * (2 * units + layers.outputs()) * PackedRows.BLOCK_ROWS;
    }
}
