package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.Trainer;
import java.util.Arrays;
import java.util.List;

/** How long training takes until the test set is predicted as well as the mark says. */
final class TimeToMark {
    static final double MARK = 0.9325;

    private TimeToMark() {}

    /**
     * Seconds from packed data to the mark, infinite if training ends below it. The steps are counted in a run of their own
     * first, so that looking up how good they are does not disturb those that are timed: these come to the same bits.
     */
    static double seconds(PackedRows rows, Recipe recipe, List<Block> test) {
        Trainer trainer = new Trainer(rows, recipe, step -> {});
        Run counted = new Run(recipe, rows);
        trainer.train(counted, () -> accuracy(recipe, counted, test) >= MARK);
        if (accuracy(recipe, counted, test) < MARK) {
            return Double.POSITIVE_INFINITY;
        }
        long start = System.nanoTime();
        Run timed = new Run(recipe, rows);
        trainer.train(timed, () -> timed.steps() == counted.steps());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!Arrays.equals(timed.parameters(), counted.parameters())) {
            throw new IllegalStateException("the same run came to other bits");
        }
        return seconds;
    }

    private static double accuracy(Recipe recipe, Run run, List<Block> test) {
        Network network = new Network(recipe.layers(), run.parameters(), PackedRows.BLOCK_ROWS);
        int correct = 0;
        int rows = 0;
        for (Block block : test) {
            network.evaluate(block);
            correct += network.correct();
            rows += block.rows();
        }
        return (double) correct / rows;
    }
}
