package dev.kindling.network;

/** How the learning rate changes over a run. */
public enum Schedule {
    /** The full rate, after the warm-up. */
    CONSTANT,
    /** Half a cosine from the full rate, after the warm-up, down to zero just past the last step. */
    COSINE;

    /**
     * The rate's factor at a step.
     *
     * @param step from 1 to {@code steps}
     * @param warmup the first steps, over which the factor rises in a straight line to 1; a run may end before
     * @return above 0, at most 1
     */
    public double factor(int step, int warmup, int steps) {
        if (step <= warmup) {
            return (double) step / (warmup + 1);
        }
        return switch (this) {
            case CONSTANT -> 1;
            case COSINE -> 0.5 * (1 + StrictMath.cos(Math.PI * (step - 1 - warmup) / (steps - warmup)));
        };
    }
}
