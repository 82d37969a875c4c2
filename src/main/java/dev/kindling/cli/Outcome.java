package dev.kindling.cli;

import java.util.List;

/** What comes out of the last layer of a network, beside what is true, in words. */
sealed interface Outcome permits ClassOutcome, NumbersOutcome {
    /** A class or a target. */
    String name(int unit);

    /** The same as the end of a weight. */
    String unit(int unit);

    /** What is true, for a line about the example. */
    String truth();

    /** What is predicted and what is true, for the end of a title. */
    String title();

    /** How good that is, for a line below. */
    String subtitle();

    /** What was predicted, and the loss, in lines. */
    List<String> lines();

    /** How the last layer computes. */
    String formulas();

    /** What the units are: classes or targets. */
    String kind();

    /** What stands beside the sums, and how it comes about: probabilities or targets. */
    Beside beside();

    /** How the last delta comes about. */
    String delta();

    /** The unit that stands out, or -1. */
    int marked();

    /** Shape (outputs): of many units those are shown of which this is largest. */
    double[] sizes();

    /** What {@link #sizes} are. */
    String largest();

    /** What the contributions of inputs are measured by: each is a weighted sum of the last layer's sums. */
    List<Measure> measures();

    /**
     * Numbers beside the sums of the last layer.
     *
     * @param letter in formulas
     * @param values shape (outputs)
     */
    record Beside(String name, String letter, String formula, double[] values) {}

    /**
     * A weighted sum of the last layer's sums, and a constant.
     *
     * @param name how it is called
     * @param factors shape (outputs): of each sum
     * @param constant what is added
     */
    record Measure(String name, double[] factors, double constant) {
        double of(double... sums) {
            double all = constant;
            for (int u = 0; u < factors.length; u++) {
                all += factors[u] * sums[u];
            }
            return all;
        }
    }
}
