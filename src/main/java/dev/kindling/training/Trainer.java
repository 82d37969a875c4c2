package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Centring;
import dev.kindling.network.Optimizer;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Locale;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Synchronous data-parallel gradient descent: a Spark job a step.
 *
 * <p>The parameters go out with the task, which Spark broadcasts to each executor once; each partition sums the gradient
 * of its blocks; the driver adds the sums up, divides by the rows once, and the optimiser moves the parameters.
 */
public final class Trainer {
    /**
     * As many sums come to the driver one by one; more are first added up on the executors, in a tree. That is a second
     * stage of tasks: with 256 partitions on two cores a step of 0.6 s took 1.4 s in a tree.
     */
    static final int MOST_SUMS = 256;

    private static final ClassTag<byte[]> SUM = ClassTag.apply(byte[].class);

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
        double[] mean =
                recipe.inputs() == Recipe.Inputs.CENTRED ? data.featureMean() : new double[architecture.inputs()];
        Centring centring = new Centring(architecture, mean);
        float[] parameters = recipe.initialisation().draw(architecture, recipe.seed());
        Optimizer optimizer = recipe.newOptimizer();
        int blocksPerStep = recipe.batchSize() == Recipe.FULL_BATCH
                ? data.blockCount()
                : recipe.batchSize() / PackedRows.BLOCK_ROWS;
        Batches batches = new Batches(data.blockCount(), blocksPerStep, recipe.seed());
        float[] raw = centring.parametersForRawInputs(parameters);
        String shown = "";
        for (int step = 1; step <= recipe.iterations(); step++) {
            double learningRate = recipe.learningRate(step);
            GradientSum sum = sum(raw, batches.draw(step), "step " + step + " of " + recipe.iterations() + shown);
            sum.check("step " + step, learningRate);
            double[] gradient = sum.meanGradient();
            centring.centreGradient(gradient);
            decay(parameters, learningRate);
            optimizer.step(parameters, gradient, learningRate);
            raw = centring.parametersForRawInputs(parameters);
            shown = String.format(Locale.ROOT, ", loss %.2f, accuracy %.2f", sum.meanLoss(), sum.accuracy());
            listener.onStep(new Step(step, recipe.iterations(), sum.meanLoss(), sum.accuracy(), sum.rows(), raw));
        }
        BitSet all = new BitSet();
        all.set(0, data.blockCount());
        GradientSum sum = sum(raw, all, "loss and accuracy after the last step" + shown);
        sum.check("after step " + recipe.iterations(), recipe.learningRate(recipe.iterations()));
        return new Trained(raw, recipe.iterations(), sum.meanLoss(), sum.accuracy(), sum.deadUnits());
    }

    /**
     * Decoupled weight decay (Loshchilov and Hutter, Decoupled weight decay regularization, 2019): W = (1 - rate decay) W,
     * beside the optimiser's step. First layer only: on the others it cost accuracy.
     */
    private void decay(float[] parameters, double learningRate) {
        double kept = 1 - learningRate * recipe.weightDecay();
        for (int k = 0; k < recipe.layers().biases(0); k++) {
            parameters[k] = (float) (parameters[k] * kept);
        }
    }

    /** One Spark job: the sum over all blocks of a batch. */
    GradientSum sum(float[] parameters, BitSet batch, String description) {
        context.sc().setJobDescription(description);
        rows.reset();
        loss.reset();
        ShardGradient gradient = new ShardGradient(recipe.layers(), parameters, batch, rows, loss);
        RDD<byte[]> sums = data.blocks().rdd().mapPartitions(gradient, true, SUM);
        GradientSum total = gradient.zero();
        if (sums.getNumPartitions() > MOST_SUMS) {
            return total.add(JavaRDD.fromRDD(sums, SUM).treeReduce(gradient.adding()));
        }
        context.sc().runJob(sums, new OnlyElement(), new Addition(total), SUM);
        return total;
    }

    /** Takes the one sum of a partition: what {@code collect} does, without the lambda. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[]>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] apply(TaskContext task, Iterator<byte[]> sums) {
            return sums.next();
        }
    }

    /** Adds each partition's sum to a total, on the driver, as it comes in. */
    private static final class Addition extends AbstractFunction2<Object, byte[], BoxedUnit> {
        private final GradientSum total;

        Addition(GradientSum total) {
            this.total = total;
        }

        @Override
        public BoxedUnit apply(Object partition, byte[] sum) {
            total.add(sum);
            return BoxedUnit.UNIT;
        }
    }
}
