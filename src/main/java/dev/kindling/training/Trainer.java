package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.storage.Checkpoint;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.BooleanSupplier;
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
 * of its blocks; the driver adds the sums up, divides by the rows once, and the optimiser moves the parameters ({@link
 * Run}).
 */
public final class Trainer {
    /**
     * As many sums come to the driver one by one; more are first added up on the executors, in a tree. That is a second
     * stage of tasks: with 256 partitions on two cores a step of 0.6 s took 1.4 s in a tree.
     */
    static final int MOST_SUMS = 256;

    private static final ClassTag<GradientSum> SUM = ClassTag.apply(GradientSum.class);

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
     * Trains from the start to the end.
     *
     * @throws dev.kindling.KindlingException if training diverges, naming the step
     */
    public Trained train() {
        Run run = new Run(recipe, data);
        train(run, () -> false);
        return result(run);
    }

    /**
     * Trains on until the run is over, or somebody wants it to stop after the step that it is at.
     *
     * @param stop asked before each step
     * @throws dev.kindling.KindlingException if training diverges, naming the step
     */
    public void train(Run run, BooleanSupplier stop) {
        int blocksPerStep = recipe.batchSize() == Recipe.FULL_BATCH
                ? data.blockCount()
                : recipe.batchSize() / PackedRows.BLOCK_ROWS;
        Batches batches = new Batches(data.trainingBlocks(), blocksPerStep, recipe.seed());
        String shown = "";
        while (!run.isOver() && !stop.getAsBoolean()) {
            int step = run.steps() + 1;
            run.step(sum(run.parameters(), batches.draw(step), "step " + step + " of " + recipe.iterations() + shown));
            shown = String.format(
                    Locale.ROOT,
                    ", loss %.2f, accuracy %.2f",
                    run.last().loss(),
                    run.last().accuracy());
            if (run.isTimeToValidate()) {
                run.validate(sum(run.parameters(), data.validationBlocks(), "validation after step " + step + shown));
            }
            listener.onStep(run.last());
        }
    }

    /**
     * What a run ends with, evaluated on the whole training set and on the validation rows.
     *
     * @throws dev.kindling.KindlingException if the loss is out of range
     */
    public Trained result(Run run) {
        Checkpoint.Best result = run.result();
        GradientSum training = evaluate(result, data.trainingBlocks(), "the training set");
        GradientSum validation = recipe.validation().validationFraction() > 0
                ? evaluate(result, data.validationBlocks(), "the validation rows")
                : null;
        return new Trained(
                result.parameters(),
                result.step(),
                run.steps(),
                training.meanLoss(),
                training.accuracy(),
                validation == null ? Double.NaN : validation.meanLoss(),
                validation == null ? Double.NaN : validation.accuracy(),
                Run.perHiddenLayer(recipe.layers(), unit -> training.active()[unit] == 0));
    }

    private GradientSum evaluate(Checkpoint.Best result, BitSet blocks, String what) {
        String when = "after step " + result.step();
        GradientSum sum = sum(result.parameters(), blocks, "loss and accuracy over " + what + " " + when);
        sum.check(when, recipe.learningRate(result.step()));
        return sum;
    }

    /** One Spark job: the sum over all blocks of a batch. */
    GradientSum sum(float[] parameters, BitSet batch, String description) {
        context.sc().setJobDescription(description);
        rows.reset();
        loss.reset();
        ShardGradient gradient = new ShardGradient(recipe.layers(), parameters, batch, rows, loss);
        RDD<GradientSum> sums = data.blocks().rdd().mapPartitions(gradient, true, SUM);
        if (sums.getNumPartitions() > MOST_SUMS) {
            return JavaRDD.fromRDD(sums, SUM).treeReduce(GradientSum::plus);
        }
        GradientSum total = gradient.zero();
        context.sc().runJob(sums, new OnlyElement(), new Addition(total), SUM);
        return total;
    }

    /** Takes the one sum of a partition: what {@code collect} does, without the lambda. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<GradientSum>, GradientSum>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public GradientSum apply(TaskContext task, Iterator<GradientSum> sums) {
            return sums.next();
        }
    }

    /** Adds each partition's sum to a total, on the driver, as it comes in. */
    private static final class Addition extends AbstractFunction2<Object, GradientSum, BoxedUnit> {
        private final GradientSum total;

        Addition(GradientSum total) {
            this.total = total;
        }

        @Override
        public BoxedUnit apply(Object partition, GradientSum sum) {
            total.plus(sum);
            return BoxedUnit.UNIT;
        }
    }
}
