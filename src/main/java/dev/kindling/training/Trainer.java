package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
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
     * Up to this many sums come to the driver one by one. The sums of more tasks are first added up on the executors,
     * in a tree. A tree is a second stage of tasks: with 256 tasks on two cores a step took 1.4 s with it and 0.6 s
     * without.
     */
    static final int MOST_SUMS = 256;

    /** A local property that marks a Spark job as a step. */
    public static final String STEP = "kindling.step";

    private static final ClassTag<byte[][]> SUMS = ClassTag.apply(byte[][].class);

    private final PackedRows data;
    private final Recipe recipe;
    private final StepListener listener;
    private final JavaSparkContext context;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;

    /**
     * @param data packed with the seed of the recipe
     * @param recipe of the run; if runs train side by side, that of any of them
     * @param listener hears of each step; if runs train side by side, of the step of the one with the smallest loss
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
     * Trains on until the run is over, or until it is asked to stop after the current step.
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
     * Trains runs side by side until all are over. Each ends with the same bits as alone.
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
        long end = System.nanoTime(); // of the step before
        while (!running.isEmpty() && !stop.getAsBoolean()) {
            int step = running.get(0).steps() + 1;
            String what = "step " + step + " of " + recipe.iterations() + shown;
            ShardSums sums = move(running, Pass.STEP, batches.draw(step), what, Run::step, dropped);
            shown = best(running).map(Trainer::shown).orElse("");
            double validationSeconds = 0;
            if (running.stream().anyMatch(Run::isTimeToValidate)) {
                what = "validation after step " + step + shown;
                validationSeconds = move(
                                running, Pass.EVALUATION, data.validationBlocks(), what, Run::validate, dropped)
                        .jobSeconds();
            }
            long now = System.nanoTime();
            StepCost cost = new StepCost(
                    sums.longestTask(), sums.jobSeconds(), validationSeconds, (now - end) / 1e9, sums.costs());
            end = now;
            best(running).ifPresent(run -> listener.onStep(new Step(run.last(), List.copyOf(running), cost)));
            running.removeIf(Run::isOver);
        }
    }

    /** Runs one Spark job and gives each run its sums. A run whose numbers went wrong is taken out. */
    private ShardSums move(
            List<Run> running,
            Pass pass,
            BitSet blocks,
            String description,
            BiConsumer<Run, GradientSum> movement,
            BiConsumer<Run, KindlingException> dropped) {
        float[][] parameters = running.stream().map(Run::parameters).toArray(float[][]::new);
        ShardSums sums = sums(parameters, pass, blocks, description);
        List<Run> diverged = new ArrayList<>();
        for (int k = 0; k < parameters.length; k++) {
            try {
                movement.accept(running.get(k), sums.run(k));
            } catch (KindlingException e) {
                dropped.accept(running.get(k), e);
                diverged.add(running.get(k));
            }
        }
        running.removeAll(diverged);
        return sums;
    }

    /** The run with the smallest loss. */
    private static Optional<Run> best(List<Run> running) {
        return running.stream().min(Comparator.comparingDouble(run -> run.last().loss()));
    }

    private static String shown(Run run) {
        return String.format(
                Locale.ROOT,
                ", loss %.2f, accuracy %.2f",
                run.last().loss(),
                run.last().accuracy());
    }

    /**
     * The result of a run, evaluated on the whole training set and on the validation rows.
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
        String description = "loss and accuracy over " + what + " " + when;
        GradientSum sum = sums(new float[][] {result.parameters()}, Pass.EVALUATION, blocks, description)
                .run(0);
        sum.check(when, run.recipe().learningRate(result.step()));
        return sum;
    }

    /** Runs one Spark job: the sums over all blocks of a batch, for the parameters of each run. */
    ShardSums sums(float[][] parameters, Pass pass, BitSet batch, String description) {
        JobProperties callers = JobProperties.of(context.sc());
        new JobProperties(context.sc(), description, pass == Pass.STEP ? "true" : null).set();
        try {
            return sums(parameters, pass, batch);
        } finally {
            callers.set();
        }
    }

    private ShardSums sums(float[][] parameters, Pass pass, BitSet batch) {
        rows.reset();
        loss.reset();
        ShardGradient gradient =
                new ShardGradient(recipe.layers(), parameters, pass, batch, data.partitioner(), rows, loss);
        long start = System.nanoTime();
        RDD<byte[][]> sums = TaskPerCore.of(data.blocks().rdd()).mapPartitions(gradient, true, SUMS);
        ShardSums total = gradient.zero();
        if (sums.getNumPartitions() > MOST_SUMS) {
            total.add(JavaRDD.fromRDD(sums, SUMS).treeReduce(gradient.adding()));
        } else {
            context.sc().runJob(sums, new OnlyElement(), new Addition(total), SUMS);
        }
        total.took((System.nanoTime() - start) / 1e9);
        return total;
    }

    /** Takes the one element that a task gives, its sums: as {@code collect} does, but without a lambda. */
    private static final class OnlyElement extends AbstractFunction2<TaskContext, Iterator<byte[][]>, byte[][]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[][] apply(TaskContext task, Iterator<byte[][]> sums) {
            return sums.next();
        }
    }

    /** Adds the sums of each task to the total, on the driver, as they come in. */
    private static final class Addition extends AbstractFunction2<Object, byte[][], BoxedUnit> {
        private final ShardSums total;

        Addition(ShardSums total) {
            this.total = total;
        }

        @Override
        public BoxedUnit apply(Object partition, byte[][] sums) {
            total.add(sums);
            return BoxedUnit.UNIT;
        }
    }
}
