package dev.kindling.training;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Blas;
import dev.kindling.network.Centring;
import dev.kindling.network.Optimizer;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A run of training between two steps: the parameters, the state of the optimiser, the steps taken and what they
 * showed. With the data and the recipe that is all that its next step depends on.
 */
public final class Run {
    private final Recipe recipe;
    private final Architecture architecture;
    private final PackedRows data;
    private final Centring centring;
    /** The flat array that the optimiser moves: for centred inputs. */
    private final float[] parameters;
    /** The same for inputs as they are; a new array after each step. */
    private float[] raw;

    private final Optimizer optimizer;
    private int step;
    private Checkpoint.Best best = Checkpoint.Best.NONE;
    private final History history;
    /** Shape (hidden units): on how many rows in succession each has been zero. */
    private final long[] silent;

    private long[][] confusion = {};
    private int confusionStep;
    private double secondsBefore;
    private final long since = System.nanoTime();

    /**
     * A run before its first step.
     *
     * @param data packed with the seed of the recipe
     */
    public Run(Recipe recipe, PackedRows data) {
        this.recipe = recipe;
        this.architecture = recipe.layers();
        this.data = data;
        double[] mean =
                recipe.inputs() == Recipe.Inputs.CENTRED ? data.featureMean() : new double[architecture.inputs()];
        this.centring = new Centring(architecture, mean);
        this.parameters = recipe.initialisation().draw(architecture, recipe.seed());
        this.raw = centring.parametersForRawInputs(parameters);
        this.optimizer = recipe.newOptimizer();
        this.history = new History(recipe.validation().validateEvery());
        this.silent = new long[architecture.hiddenUnits()];
    }

    /**
     * A run before its first step, which begins with the parameters of a model.
     *
     * @param recipe that names the model
     * @param start the flat array of the model, for inputs as they are
     */
    public static Run from(Recipe recipe, PackedRows data, float[] start) {
        Run run = new Run(recipe, data);
        run.setParameters(run.centring.parametersForCentredInputs(start));
        return run;
    }

    private void setParameters(float[] centred) {
        System.arraycopy(centred, 0, parameters, 0, parameters.length);
        raw = centring.parametersForRawInputs(parameters);
    }

    /**
     * A run as it was when a checkpoint was made.
     *
     * @param where for messages: the place of the checkpoint
     * @throws KindlingException if the checkpoint is of another recipe or of other data, naming what differs
     */
    public static Run resume(Recipe recipe, PackedRows data, Checkpoint checkpoint, String where) {
        recipe.requireSame(checkpoint.recipe(), where);
        if (checkpoint.rows() != data.rows() || !checkpoint.fingerprint().equals(data.fingerprint())) {
            throw new KindlingException(where + ": found a checkpoint of a run on other data, " + checkpoint.rows()
                    + " rows with fingerprint " + checkpoint.fingerprint() + ", expected " + data.rows()
                    + " rows with fingerprint " + data.fingerprint() + ": use the " + setting("data") + " that it"
                    + " began with");
        }
        Run run = new Run(recipe, data);
        run.restore(checkpoint, where);
        return run;
    }

    private void restore(Checkpoint checkpoint, String where) {
        int states = optimizer.state().stream().mapToInt(state -> state.length).sum();
        if (checkpoint.parameters().length != parameters.length
                || checkpoint.optimizer().length() != states
                || checkpoint.silent().length != silent.length
                || checkpoint.history().isEmpty()) {
            throw new KindlingException(where + ": damaged checkpoint: found " + checkpoint.parameters().length
                    + " parameters and " + checkpoint.optimizer().length() + " numbers of the optimiser, expected "
                    + parameters.length + " and " + states);
        }
        setParameters(checkpoint.parameters());
        int from = 0;
        for (double[] state : optimizer.state()) {
            checkpoint.optimizer().copy(from, state);
            from += state.length;
        }
        step = checkpoint.step();
        best = checkpoint.best();
        checkpoint.history().forEach(history::add);
        System.arraycopy(checkpoint.silent(), 0, silent, 0, silent.length);
        secondsBefore = history.last().seconds();
    }

    /** The whole state of the run, to be saved before the next step: its arrays are the run's own. */
    public Checkpoint checkpoint() {
        return new Checkpoint(
                recipe.settings(),
                data.rows(),
                data.fingerprint(),
                Blas.name(),
                step,
                parameters,
                new Numbers(optimizer.state()),
                silent,
                best,
                history.rows());
    }

    /**
     * Takes a step.
     *
     * @param sum of the step's batch under {@link #parameters()}
     * @throws KindlingException if training diverges, naming step and layer
     */
    void step(GradientSum sum) {
        String when = "step " + (step + 1);
        double learningRate = recipe.learningRate(step + 1);
        sum.check(when, learningRate);
        double[] gradient = sum.meanGradient();
        centring.centreGradient(gradient);
        List<Double> norms = Divergence.layerNorms(architecture, gradient);
        double firstLoss = step == 0 ? sum.meanLoss() : history.first().loss();
        if (recipe.optimizer() == Recipe.OptimizerKind.LBFGS) {
            optimizer.step(parameters, gradient, penalised(sum.meanLoss(), gradient), learningRate);
        } else {
            Divergence.checkLoss(when, architecture, sum.meanLoss(), firstLoss, norms, learningRate);
            decay(learningRate);
            optimizer.step(parameters, gradient, sum.meanLoss(), learningRate);
        }
        raw = centring.parametersForRawInputs(parameters);
        Divergence.checkParameters(when, architecture, raw, learningRate);
        step++;
        for (int u = 0; u < silent.length; u++) {
            silent[u] = sum.active()[u] == 0 ? silent[u] + sum.rows() : 0;
        }
        history.add(new HistoryRow(
                step,
                sum.meanLoss(),
                sum.accuracy(),
                Double.NaN,
                Double.NaN,
                learningRate,
                sum.rows(),
                secondsBefore + (System.nanoTime() - since) / 1e9,
                norms,
                perHiddenLayer(architecture, this::isDead)));
    }

    /**
     * Takes in an evaluation of the validation rows.
     *
     * @param sum of the validation rows under {@link #parameters()}
     * @throws KindlingException if their loss is out of range
     */
    void validate(GradientSum sum) {
        sum.check("validation after step " + step, recipe.learningRate(step));
        history.add(history.last().validated(sum.meanLoss(), sum.accuracy()));
        confusion = sum.confusion();
        confusionStep = step;
        if (sum.meanLoss() < best.loss()) {
            best = new Checkpoint.Best(step, sum.meanLoss(), raw);
        }
    }

    /** Whether the validation rows are to be evaluated now. */
    boolean isTimeToValidate() {
        return data.validationRows() > 0
                && (step % recipe.validation().validateEvery() == 0
                        || step == recipe.iterations()
                        || optimizer.hasConverged());
    }

    /** Whether all steps are taken, patience has run out, or more steps would gain nothing. */
    public boolean isOver() {
        Recipe.Validation validation = recipe.validation();
        int evaluationsSinceBest = step / validation.validateEvery() - best.step() / validation.validateEvery();
        return step == recipe.iterations()
                || optimizer.hasConverged()
                || (validation.patience() > 0 && evaluationsSinceBest >= validation.patience());
    }

    /** What it is trained with. */
    public Recipe recipe() {
        return recipe;
    }

    /** What it is trained on. */
    public PackedRows data() {
        return data;
    }

    /** The steps taken. */
    public int steps() {
        return step;
    }

    /** The flat array as it is now, for inputs as they are; not to be changed. */
    public float[] parameters() {
        return raw;
    }

    /** Whether it is over because more steps would gain nothing. */
    public boolean hasConverged() {
        return optimizer.hasConverged();
    }

    /** The result of the run if it ends now: with patience the best parameters so far, else what the optimiser has come to. */
    public Checkpoint.Best result() {
        return recipe.validation().patience() > 0
                ? best
                : new Checkpoint.Best(step, best.loss(), centring.parametersForRawInputs(optimizer.result(parameters)));
    }

    /** The numbers of the last step; there must be one. */
    public HistoryRow last() {
        return history.last();
    }

    /** The hidden units, counted layer after layer, that have been zero on as many rows in succession as are trained on. */
    public List<Integer> deadUnits() {
        return IntStream.range(0, silent.length).filter(this::isDead).boxed().toList();
    }

    private boolean isDead(int unit) {
        return silent[unit] >= data.trainingRows();
    }

    /**
     * How many validation rows of each class were predicted as which, in the last evaluation.
     *
     * @return shape (classes, classes): [actual][predicted]; empty if there was no evaluation, or no classes or too many
     */
    public long[][] confusion() {
        return confusion;
    }

    /** The step of the last evaluation; 0 if there was none. */
    public int confusionStep() {
        return confusionStep;
    }

    /** The numbers of the steps, in bounded memory: a very long run does not keep each of them. */
    public List<HistoryRow> history() {
        return history.rows();
    }

    /**
     * Decoupled weight decay (Loshchilov and Hutter, Decoupled weight decay regularization, 2019): W = (1 - rate decay) W,
     * beside the optimiser's step. First layer only: on the others it cost accuracy.
     */
    private void decay(double learningRate) {
        double kept = 1 - learningRate * recipe.weightDecay();
        for (int k = 0; k < architecture.biases(0); k++) {
            parameters[k] = (float) (parameters[k] * kept);
        }
    }

    /**
     * The same for a line search, where decay has to be part of the loss: its gradient is the share that decay takes away.
     *
     * @param gradient gets that of the penalty too
     * @return the loss with the penalty
     */
    private double penalised(double loss, double[] gradient) {
        double squares = 0;
        for (int k = 0; k < architecture.biases(0); k++) {
            squares += (double) parameters[k] * parameters[k];
            gradient[k] += recipe.weightDecay() * parameters[k];
        }
        return loss + recipe.weightDecay() / 2 * squares;
    }

    /** For each hidden layer, for how many of its units the condition holds. */
    static List<Integer> perHiddenLayer(Architecture architecture, IntPredicate isCounted) {
        List<Integer> counts = new ArrayList<>();
        int first = 0;
        for (int l = 0; l < architecture.layers() - 1; l++) {
            int end = first + architecture.units(l);
            counts.add((int) IntStream.range(first, end).filter(isCounted).count());
            first = end;
        }
        return counts;
    }
}
