package dev.kindling.training;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Adam;
import dev.kindling.network.Architecture;
import dev.kindling.network.GradientDescent;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Lbfgs;
import dev.kindling.network.Momentum;
import dev.kindling.network.Optimizer;
import dev.kindling.network.Schedule;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that, with the data, decides the result of training: the same recipe gives the same bits.
 *
 * @param layers the network
 * @param inputs what the optimiser sees of the inputs
 * @param initialisation how its parameters start
 * @param optimizer what moves them
 * @param learningRate the highest rate, above 0
 * @param schedule how the rate changes over the run
 * @param warmup the steps over which it first rises, 0 or more
 * @param iterations the number of steps, at least 1
 * @param batchSize the rows of a step: a multiple of {@value PackedRows#BLOCK_ROWS}, or {@link #FULL_BATCH} for all
 * @param momentum for {@link OptimizerKind#MOMENTUM}: from 0 to below 1
 * @param beta1 for {@link OptimizerKind#ADAM}: from 0 to below 1
 * @param beta2 for {@link OptimizerKind#ADAM}: from 0 to below 1
 * @param tolerance for {@link OptimizerKind#LBFGS}: training ends when ten lines together lower the loss by no more than this share
 *     of the first loss; 0 or more
 * @param weightDecay the share of the first layer's weights that a step of rate 1 takes away, 0 or more; for {@link
 *     OptimizerKind#LBFGS} half of it times their squares is added to the loss
 * @param repeat how often each row is in the training set, 1 to {@value #MAX_REPEAT}: once as it is, then as {@link
 *     dev.kindling.data.ShiftedCopies}
 * @param validation which rows are held out, and what for
 * @param seed of every random choice
 * @param from the digest of the model whose parameters a run begins with; empty if they are drawn
 */
public record Recipe(
        Architecture layers,
        Inputs inputs,
        Initialisation initialisation,
        OptimizerKind optimizer,
        double learningRate,
        Schedule schedule,
        int warmup,
        int iterations,
        int batchSize,
        double momentum,
        double beta1,
        double beta2,
        double tolerance,
        double weightDecay,
        int repeat,
        Validation validation,
        long seed,
        String from) {

    /** The batch size that stands for all rows. */
    public static final int FULL_BATCH = 0;

    /** The same in recipe files. */
    static final String FULL = "full";

    private static final int MAX_REPEAT = 1_000;

    /** What the optimiser sees of the inputs. */
    public enum Inputs {
        /** The inputs as they are. */
        RAW,
        /** The inputs minus their mean over the training set: {@link dev.kindling.network.Centring}. */
        CENTRED
    }

    /** The optimisers to choose from. */
    public enum OptimizerKind {
        /** Plain gradient descent. */
        GD,
        /** Nesterov momentum. */
        MOMENTUM,
        /** Adam. */
        ADAM,
        /** L-BFGS, on all rows at each step, with a line search instead of a rate: {@link dev.kindling.network.Lbfgs}. */
        LBFGS
    }

    /**
     * Rows held out of the training set, drawn by the seed, and evaluated as training goes.
     *
     * @param validationFraction their share of all rows, 0 for none to below 1
     * @param validateEvery how many steps there are from one evaluation to the next, at least 1; the last step has one too
     * @param patience training stops after this many evaluations in succession without a smaller loss, and the result
     *     is the parameters with the smallest loss. With 0 it goes to its last step, and the result is the last
     *     parameters
     */
    public record Validation(double validationFraction, int validateEvery, int patience) {
        /** All rows are trained on. */
        public static final Validation NONE = new Validation(0, 1, 0);

        /** @throws KindlingException naming the setting that is out of range */
        public Validation {
            requireShare(validationFraction, "validation-fraction");
            require(validateEvery >= 1, "validate-every", validateEvery, "1 or more");
            require(
                    patience == 0 || (patience > 0 && validationFraction > 0),
                    "patience",
                    patience,
                    "0 or more, and 0 without a " + setting("validation-fraction"));
        }
    }

    /** @throws KindlingException naming the setting that is out of range */
    public Recipe {
        require(learningRate > 0 && Double.isFinite(learningRate), "learning-rate", learningRate, "a number above 0");
        require(iterations >= 1, "iterations", iterations, "1 or more");
        require(warmup >= 0, "warmup", warmup, "0 or more");
        require(
                batchSize >= 0 && batchSize % PackedRows.BLOCK_ROWS == 0,
                "batch-size",
                batchSize,
                "a multiple of " + PackedRows.BLOCK_ROWS + ", the rows of a block, or 'full'");
        require(
                weightDecay >= 0 && weightDecay * learningRate < 1,
                "weight-decay",
                weightDecay,
                "0 or more, and below 1 when multiplied by " + setting("learning-rate") + " " + learningRate);
        require(repeat >= 1 && repeat <= MAX_REPEAT, "repeat", repeat, "1 to " + MAX_REPEAT);
        require(
                repeat == 1 || validation.validationFraction() == 0,
                "repeat",
                repeat,
                "1 with a " + setting("validation-fraction") + ", because copies of held-out rows would be trained on");
        requireShare(momentum, "momentum");
        requireShare(beta1, "beta1");
        requireShare(beta2, "beta2");
        require(tolerance >= 0 && Double.isFinite(tolerance), "tolerance", tolerance, "a number, 0 or more");
        require(
                optimizer != OptimizerKind.LBFGS || batchSize == FULL_BATCH,
                "batch-size",
                batchSize,
                "'full' with " + setting("optimizer") + " lbfgs, which compares the losses of the same rows");
    }

    /** A new optimiser, with its state at the start. */
    Optimizer newOptimizer() {
        return switch (optimizer) {
            case GD -> new GradientDescent();
            case MOMENTUM -> new Momentum(layers.parameters(), momentum);
            case ADAM -> new Adam(layers.parameters(), beta1, beta2);
            case LBFGS -> new Lbfgs(layers.parameters(), tolerance);
        };
    }

    /** The learning rate at a step, 1 to {@code iterations}. */
    double learningRate(int step) {
        return learningRate * schedule.factor(step, warmup, iterations);
    }

    /** A recipe in the making, which begins with the settings of conf/default.properties. */
    public static RecipeBuilder builder() {
        return new RecipeBuilder(RecipeFile.defaults());
    }

    /** A recipe in the making that begins with the settings of this one. */
    public RecipeBuilder toBuilder() {
        return new RecipeBuilder(settings());
    }

    /** Every setting by its name in recipe files, such as {@code learning-rate}. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(settings(this));
        settings.putAll(settings(validation));
        settings.remove("validation");
        if (from.isEmpty()) {
            settings.remove("from");
        }
        settings.put("output", text(layers.output()));
        settings.replace("batch-size", text(FULL_BATCH), FULL);
        return settings;
    }

    private static Map<String, String> settings(Record record) {
        Map<String, String> settings = new TreeMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String name = component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
            try {
                settings.put(name, text(component.getAccessor().invoke(record)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record's accessors are public", e);
            }
        }
        return settings;
    }

    /**
     * Refuses a checkpoint of another recipe. Every setting must be the same. One that is younger than the checkpoint counts
     * as having its default there, which therefore must be what held before there was the setting.
     *
     * @param begun the settings that its run began with
     * @param where for the message: a path
     * @throws KindlingException naming what differs
     */
    public void requireSame(Map<String, String> begun, String where) {
        String differences = differences(begun);
        if (!differences.isEmpty()) {
            throw new KindlingException(where + ": found a checkpoint of another recipe, " + differences
                    + "; expected the same settings: use those, or start anew with " + setting("overwrite")
                    + " instead of "
                    + setting("resume"));
        }
    }

    /** Whether a checkpoint is one of this recipe; see {@link #requireSame}. */
    public boolean isSame(Map<String, String> begun) {
        return differences(begun).isEmpty();
    }

    private String differences(Map<String, String> begun) {
        Map<String, String> own = settings();
        Map<String, String> there = builder().build().settings();
        there.putAll(begun);
        Set<String> names = new TreeSet<>(own.keySet());
        names.addAll(there.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(own.get(name), there.get(name)))
                .map(name -> setting(name) + " " + there.get(name) + " there, " + own.get(name) + " here")
                .collect(Collectors.joining("; "));
    }

    /** A value as recipe files have it. */
    static String text(Object value) {
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : value.toString();
    }

    private static void requireShare(double value, String name) {
        require(value >= 0 && value < 1, name, value, "0 to below 1");
    }

    private static void require(boolean holds, String name, Object found, String expected) {
        if (!holds) {
            throw new KindlingException(setting(name) + ": found " + found + ", expected " + expected);
        }
    }
}
