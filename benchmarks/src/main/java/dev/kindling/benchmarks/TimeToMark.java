package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.training.Recipe;
import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trainer;
import java.util.List;

/** How long training takes until the test set is predicted as well as the mark says; evaluation is not counted. */
final class TimeToMark implements StepListener {
    static final double MARK = 0.9325;

    private final Architecture architecture;
    private final List<Block> test;
    private double seconds;
    private long since;

    private TimeToMark(Recipe recipe, List<Block> test) {
        this.architecture = recipe.layers();
        this.test = test;
    }

    /** Seconds from packed data to the mark, infinite if training ends below it. */
    static double seconds(PackedRows rows, Recipe recipe, List<Block> test) {
        TimeToMark clock = new TimeToMark(recipe, test);
        clock.since = System.nanoTime();
        try {
            new Trainer(rows, recipe, clock).train();
            return Double.POSITIVE_INFINITY;
        } catch (Reached e) {
            return clock.seconds;
        }
    }

    @Override
    public void onStep(Step step) {
        seconds += (System.nanoTime() - since) / 1e9;
        if (accuracy(step.runs().get(0).parameters()) >= MARK) {
            throw new Reached();
        }
        since = System.nanoTime();
    }

    private double accuracy(float[] parameters) {
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        int correct = 0;
        int rows = 0;
        for (Block block : test) {
            network.predict(block);
            correct += network.correct();
            rows += block.rows();
        }
        return (double) correct / rows;
    }

    /** Ends training. */
    private static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
