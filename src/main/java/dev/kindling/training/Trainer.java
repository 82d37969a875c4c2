package dev.kindling.training;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.HistoryRow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Synchronous data-parallel gradient descent.
 *
 * <p>A step draws a batch, has the executors sum up its gradient ({@link Exchange}), divides by the rows' weights once, and
 * has the optimiser move the parameters ({@link Run}). Runs of the same batches are trained side by side: their steps share an
 * order, which reads each block once for all.
 */
public final class Trainer {
    /** A local property that marks a Spark job as one of steps. */
    public static final String STEP = "kindling.step";

    private final PackedRows data;
    private final Recipe recipe;
    private final ExchangeKind kind;
    private final StepListener listener;

    /**
     * @param data packed with the seed of the recipe
     * @param recipe of the run; if runs train side by side, that of any of them
     * @param kind how sums come from the executors: it changes the time, not the result
     * @param listener hears of each step; if runs train side by side, of the step of the one with the smallest loss
     */
    public Trainer(PackedRows data, Recipe recipe, ExchangeKind kind, StepListener listener) {
        this.data = data;
        this.recipe = recipe;
        this.kind = kind;
        this.listener = listener;
    }

    /** With the kind of exchange that is the default. */
    public Trainer(PackedRows data, Recipe recipe, StepListener listener) {
        this(data, recipe, ExchangeKind.DEFAULT, listener);
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
        int[] validation = numbers(data.validationBlocks());
        List<Run> running = new ArrayList<>(runs);
        running.removeIf(Run::isOver);
        String shown = "";
        try (Exchange exchange = kind.open(data, recipe.layers())) {
            long end = System.nanoTime(); // of the step before
            while (!running.isEmpty() && !stop.getAsBoolean()) {
                int step = running.get(0).steps() + 1;
                ShardSums sums = timed(
                        exchange,
                        Order.step(batches.draw(step), parameters(running), step, recipe.iterations(), shown));
                move(running, sums, Run::step, dropped);
                shown = best(running).map(run -> shown(run.last())).orElse("");
                double validationSeconds = 0;
                if (running.stream().anyMatch(Run::isTimeToValidate)) {
                    String what = "validation after step " + step + shown;
                    ShardSums held = timed(exchange, Order.evaluation(validation, parameters(running), what));
                    move(running, held, Run::validate, dropped);
                    validationSeconds = held.seconds();
                }
                long now = System.nanoTime();
                StepCost cost = sums.cost(validationSeconds, (now - end) / 1e9);
                end = now;
                best(running).ifPresent(run -> listener.onStep(new Step(run.last(), List.copyOf(running), cost)));
                running.removeIf(Run::isOver);
            }
        }
    }

    private static int[] numbers(BitSet blocks) {
        return blocks.stream().toArray();
    }

    private static float[][] parameters(List<Run> running) {
        return running.stream().map(Run::parameters).toArray(float[][]::new);
    }

    private static ShardSums timed(Exchange exchange, Order order) {
        long start = System.nanoTime();
        ShardSums sums = exchange.sums(order);
        sums.took((System.nanoTime() - start) / 1e9);
        return sums;
    }

    /** Gives each run its sums. A run whose numbers went wrong is taken out. */
    private static void move(
            List<Run> running,
            ShardSums sums,
            BiConsumer<Run, GradientSum> movement,
            BiConsumer<Run, KindlingException> dropped) {
        List<Run> diverged = new ArrayList<>();
        for (int k = 0; k < running.size(); k++) {
            try {
                movement.accept(running.get(k), sums.run(k));
            } catch (KindlingException e) {
                dropped.accept(running.get(k), e);
                diverged.add(running.get(k));
            }
        }
        running.removeAll(diverged);
    }

    /** The run with the smallest loss. */
    private static Optional<Run> best(List<Run> running) {
        return running.stream().min(Comparator.comparingDouble(run -> run.last().loss()));
    }

    /** What a step showed, for the description of the next one's job. */
    static String shown(HistoryRow row) {
        String loss = String.format(Locale.ROOT, ", loss %.2f", row.loss());
        return Double.isNaN(row.accuracy())
                ? loss
                : loss + String.format(Locale.ROOT, ", accuracy %.2f", row.accuracy());
    }

    /**
     * The result of a run, evaluated on the whole training set and on the validation rows.
     *
     * @throws KindlingException if the loss is out of range
     */
    public Trained result(Run run) {
        Checkpoint.Best result = run.result();
        try (Exchange exchange = kind.open(data, recipe.layers())) {
            GradientSum training = evaluate(exchange, run, result, data.trainingBlocks(), "the training set");
            GradientSum validation = data.validationRows() > 0
                    ? evaluate(exchange, run, result, data.validationBlocks(), "the validation rows")
                    : null;
            return new Trained(
                    result.parameters(),
                    result.step(),
                    run.steps(),
                    training.meanLoss(),
                    training.accuracy(),
                    validation == null ? Double.NaN : validation.meanLoss(),
                    validation == null ? Double.NaN : validation.accuracy(),
                    Run.perHiddenLayer(recipe.layers(), unit -> training.active()[unit] == 0),
                    kind);
        }
    }

    private static GradientSum evaluate(
            Exchange exchange, Run run, Checkpoint.Best result, BitSet blocks, String what) {
        String when = "after step " + result.step();
        String description = "loss and accuracy over " + what + " " + when;
        GradientSum sum = exchange.sums(
                        Order.evaluation(numbers(blocks), new float[][] {result.parameters()}, description))
                .run(0);
        sum.check(when, run.recipe().learningRate(result.step()));
        return sum;
    }
}
