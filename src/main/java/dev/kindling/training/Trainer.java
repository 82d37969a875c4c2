package dev.kindling.training;

import dev.kindling.KindlingException;
import dev.kindling.data.PackedRows;
import dev.kindling.storage.Checkpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
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
 * <p>The parameters go out with the task, which Spark broadcasts to each executor once; each task sums the gradient of the
 * blocks in its partitions ({@link TaskPerCore}); the driver adds the sums up, divides by the rows once, and the optimiser
 * moves the parameters ({@link Run}). Runs of the same batches are trained side by side: their steps share a job, which
 * reads each block once for all.
 */
public final class Trainer {
    /**
     * As many sums come to the driver one by one; those of more tasks are first added up on the executors, in a tree. That is
     * a second stage of tasks: with 256 of them on two cores a step of 0.6 s took 1.4 s in a tree.
     */
    static final int MOST_SUMS = 256;

    private static final ClassTag<byte[][]> SUMS = ClassTag.apply(byte[][].class);

    private final PackedRows data;
    private final Recipe recipe;
    private final StepListener listener;
    private final JavaSparkContext context;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;

    /**
     * @param data packed with the seed of the recipe
     * @param recipe of the run; of runs side by side that of any
     * @param listener hears of each step; of runs side by side, of the step of the one with the smallest loss
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
     * @throws KindlingException if training diverges, naming the step
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
     * @throws KindlingException if training diverges, naming the step
     */
    public void train(Run run, BooleanSupplier stop) {
        train(List.of(run), stop, (diverged, why) -> {
            throw why;
        });
    }

    /**
     * Trains runs side by side until all are over, each to the bits that it would come to alone.
     *
     * @param runs on this trainer's data, at the same step, with recipes that differ in nothing but what moves the
     *     parameters: optimiser, learning rate, decay
     * @param stop asked before each step
     * @param dropped is told of a run that diverges, and why; the others go on without it
     */
    public void train(List<Run> runs, BooleanSupplier stop, BiConsumer<Run, KindlingException> dropped) {
        int blocksPerStep = recipe.batchSize() == Recipe.FULL_BATCH
                ? data.blockCount()
                : recipe.batchSize() / PackedRows.BLOCK_ROWS;
        Batches batches = new Batches(data.trainingBlocks(), blocksPerStep, recipe.seed());
        List<Run> running = new ArrayList<>(runs);
        running.removeIf(Run::isOver);
        String shown = "";
        while (!running.isEmpty() && !stop.getAsBoolean()) {
            int step = running.get(0).steps() + 1;
            String what = "step " + step + " of " + recipe.iterations() + shown;
            move(running, batches.draw(step), what, Run::step, dropped);
            shown = best(running).map(Trainer::shown).orElse("");
            if (running.stream().anyMatch(Run::isTimeToValidate)) {
                move(running, data.validationBlocks(), "validation after step " + step + shown, Run::validate, dropped);
            }
            best(running).ifPresent(listener::onStep);
            running.removeIf(Run::isOver);
        }
    }

    /** One Spark job, and what its sums do to each run. A run whose numbers went wrong is taken out. */
    private void move(
            List<Run> running,
            BitSet blocks,
            String description,
            BiConsumer<Run, GradientSum> movement,
            BiConsumer<Run, KindlingException> dropped) {
        float[][] parameters = running.stream().map(Run::parameters).toArray(float[][]::new);
        GradientSum[] sums = sums(parameters, blocks, description);
        List<Run> diverged = new ArrayList<>();
        for (int k = 0; k < sums.length; k++) {
            try {
                movement.accept(running.get(k), sums[k]);
            } catch (KindlingException e) {
                dropped.accept(running.get(k), e);
                diverged.add(running.get(k));
            }
        }
        running.removeAll(diverged);
    }

    /** The last step of the run with the smallest loss. */
    private static Optional<Step> best(List<Run> running) {
        return running.stream().map(Run::last).min(Comparator.comparingDouble(Step::loss));
    }

    private static String shown(Step step) {
        return String.format(Locale.ROOT, ", loss %.2f, accuracy %.2f", step.loss(), step.accuracy());
    }

    /**
     * What a run ends with, evaluated on the whole training set and on the validation rows.
     *
     * @throws KindlingException if the loss is out of range
     */
    public Trained result(Run run) {
        Checkpoint.Best result = run.result();
        GradientSum training = evaluate(run, result, data.trainingBlocks(), "the training set");
        GradientSum validation = recipe.validation().validationFraction() > 0
                ? evaluate(run, result, data.validationBlocks(), "the validation rows")
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

    private GradientSum evaluate(Run run, Checkpoint.Best result, BitSet blocks, String what) {
        String when = "after step " + result.step();
        GradientSum sum = sum(result.parameters(), blocks, "loss and accuracy over " + what + " " + when);
        sum.check(when, run.recipe().learningRate(result.step()));
        return sum;
    }

    /** One Spark job: the sum over all blocks of a batch. */
    GradientSum sum(float[] parameters, BitSet batch, String description) {
        return sums(new float[][] {parameters}, batch, description)[0];
    }

    /** One Spark job: for the parameters of each run the sum over all blocks of a batch. */
    private GradientSum[] sums(float[][] parameters, BitSet batch, String description) {
        context.sc().setJobDescription(description);
        rows.reset();
        loss.reset();
        ShardGradient gradient = new ShardGradient(recipe.layers(), parameters, batch, rows, loss);
        RDD<byte[][]> sums = TaskPerCore.of(data.blocks().rdd()).mapPartitions(gradient, true, SUMS);
        GradientSum[] totals = gradient.zeros();
        if (sums.getNumPartitions() > MOST_SUMS) {
            ShardGradient.add(JavaRDD.fromRDD(sums, SUMS).treeReduce(gradient.adding()), totals);
        } else {
            context.sc().runJob(sums, new OnlyElement(), new Addition(totals), SUMS);
        }
        return totals;
    }

    /** Takes the one element that a task comes to, its sums: what {@code collect} does, without the lambda. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[][]>, byte[][]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[][] apply(TaskContext task, Iterator<byte[][]> sums) {
            return sums.next();
        }
    }

    /** Adds each task's sums to totals, on the driver, as they come in. */
    private static final class Addition extends AbstractFunction2<Object, byte[][], BoxedUnit> {
        private final GradientSum[] totals;

        Addition(GradientSum[] totals) {
            this.totals = totals;
        }

        @Override
        public BoxedUnit apply(Object task, byte[][] sums) {
            ShardGradient.add(sums, totals);
            return BoxedUnit.UNIT;
        }
    }
}
