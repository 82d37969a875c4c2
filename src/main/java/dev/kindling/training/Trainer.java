package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Optimizer;
import java.util.BitSet;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Synchronous data-parallel gradient descent: a Spark job a step.
 *
 * <p>The parameters go out, each partition sums the gradient of its blocks, the driver adds the sums up, divides by the
 * rows once, and the optimiser moves the parameters.
 */
public final class Trainer {
    private final PackedRows data;
    private final Recipe recipe;
    private final StepListener listener;
    private final JavaSparkContext context;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;

    /**
     * @param data packed with the seed of the recipe
     * @param listener hears of each step
     */
    public Trainer(PackedRows data, Recipe recipe, StepListener listener) {
        this.data = data;
        this.recipe = recipe;
        this.listener = listener;
        this.context = JavaSparkContext.fromSparkContext(data.blocks().context());
        this.rows = context.sc().longAccumulator("rows");
        this.loss = context.sc().doubleAccumulator("loss, summed over the rows");
    }

    /**
     * Trains from the start to the last step.
     *
     * @throws dev.kindling.KindlingException if training diverges, naming the step
     */
    public Trained train() {
        Architecture architecture = recipe.layers();
        float[] parameters = recipe.initialisation().draw(architecture, recipe.seed());
        Optimizer optimizer = recipe.newOptimizer();
        int blocksPerStep = recipe.batchSize() == 0 ? data.blockCount() : recipe.batchSize() / PackedRows.BLOCK_ROWS;
        Batches batches = new Batches(data.blockCount(), blocksPerStep, recipe.seed());
        String shown = "";
        for (int step = 1; step <= recipe.iterations(); step++) {
            double learningRate = recipe.learningRate(step);
            GradientSum sum =
                    sum(parameters, batches.draw(step), "step " + step + " of " + recipe.iterations() + shown);
            sum.check(step, learningRate);
            optimizer.step(parameters, sum.meanGradient(), learningRate);
            shown = String.format(Locale.ROOT, ", loss %.2f, accuracy %.2f", sum.meanLoss(), sum.accuracy());
            listener.onStep(new Step(step, recipe.iterations(), sum.meanLoss(), sum.accuracy(), sum.rows()));
        }
        BitSet all = new BitSet();
        all.set(0, data.blockCount());
        GradientSum result = sum(parameters, all, "loss and accuracy after the last step" + shown);
        result.check(recipe.iterations() + 1, recipe.learningRate(recipe.iterations()));
        return new Trained(parameters, recipe.iterations(), result.meanLoss(), result.accuracy());
    }

    /** One Spark job: the sum over all blocks of a batch. */
    GradientSum sum(float[] parameters, BitSet batch, String description) {
        context.sc().setJobDescription(description);
        rows.reset();
        loss.reset();
        Broadcast<float[]> sent = context.broadcast(parameters);
        try {
            return data
                    .blocks()
                    .mapPartitions(new ShardGradient(recipe.layers(), sent, batch, rows, loss))
                    .collect()
                    .stream()
                    .reduce((total, shard) -> {
                        total.add(shard);
                        return total;
                    })
                    .orElseThrow();
        } finally {
            sent.destroy();
        }
    }
}
