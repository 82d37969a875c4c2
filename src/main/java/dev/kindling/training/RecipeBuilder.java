package dev.kindling.training;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Output;
import dev.kindling.network.Schedule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A recipe in the making. It begins with the settings of conf/default.properties, or of another recipe; a method
 * sets one or two, and {@link Recipe} says what each means and which values it may have. {@link #build} checks the values,
 * when all are there.
 */
public final class RecipeBuilder {
    /** Every setting by its name in recipe files, as {@link Recipe#settings} has them. */
    private final Map<String, String> settings;

    RecipeBuilder(Map<String, String> settings) {
        this.settings = new TreeMap<>(settings);
        this.settings.putIfAbsent("output", Recipe.text(Output.SOFTMAX)); // all there was before there was this setting
    }

    /** Another one with the same settings. */
    public RecipeBuilder copy() {
        return new RecipeBuilder(settings);
    }

    /** {@link Recipe#layers}: inputs, hidden units of each layer, classes. */
    public RecipeBuilder layers(int... sizes) {
        return set("layers", Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining(",")));
    }

    /** The same as an architecture, with its output. */
    public RecipeBuilder layers(Architecture layers) {
        return set("layers", layers.toString()).output(layers.output());
    }

    /** {@link Architecture#output} of the layers. */
    public RecipeBuilder output(Output output) {
        return set("output", Recipe.text(output));
    }

    /** {@link Recipe#inputs}. */
    public RecipeBuilder inputs(Recipe.Inputs inputs) {
        return set("inputs", Recipe.text(inputs));
    }

    /** {@link Recipe#initialisation}. */
    public RecipeBuilder initialisation(Initialisation initialisation) {
        return set("initialisation", Recipe.text(initialisation));
    }

    /** {@link Recipe#optimizer}. */
    public RecipeBuilder optimizer(Recipe.OptimizerKind optimizer) {
        return set("optimizer", Recipe.text(optimizer));
    }

    /** {@link Recipe#learningRate}. */
    public RecipeBuilder learningRate(double learningRate) {
        return set("learning-rate", Recipe.text(learningRate));
    }

    /** {@link Recipe#schedule}. */
    public RecipeBuilder schedule(Schedule schedule) {
        return set("schedule", Recipe.text(schedule));
    }

    /** {@link Recipe#warmup}. */
    public RecipeBuilder warmup(int steps) {
        return set("warmup", Recipe.text(steps));
    }

    /** {@link Recipe#iterations}. */
    public RecipeBuilder iterations(int steps) {
        return set("iterations", Recipe.text(steps));
    }

    /** {@link Recipe#batchSize}; {@link Recipe#FULL_BATCH} for all rows. */
    public RecipeBuilder batchSize(int rows) {
        return set("batch-size", Recipe.text(rows));
    }

    /** {@link Recipe#momentum}. */
    public RecipeBuilder momentum(double share) {
        return set("momentum", Recipe.text(share));
    }

    /** {@link Recipe#beta1}. */
    public RecipeBuilder beta1(double share) {
        return set("beta1", Recipe.text(share));
    }

    /** {@link Recipe#beta2}. */
    public RecipeBuilder beta2(double share) {
        return set("beta2", Recipe.text(share));
    }

    /** {@link Recipe#tolerance}. */
    public RecipeBuilder tolerance(double share) {
        return set("tolerance", Recipe.text(share));
    }

    /** {@link Recipe#weightDecay}. */
    public RecipeBuilder weightDecay(double share) {
        return set("weight-decay", Recipe.text(share));
    }

    /** {@link Recipe#repeat}. */
    public RecipeBuilder repeat(int times) {
        return set("repeat", Recipe.text(times));
    }

    /** {@link Recipe.Validation#validationFraction}. */
    public RecipeBuilder validationFraction(double share) {
        return set("validation-fraction", Recipe.text(share));
    }

    /** {@link Recipe.Validation#validateEvery}. */
    public RecipeBuilder validateEvery(int steps) {
        return set("validate-every", Recipe.text(steps));
    }

    /** {@link Recipe.Validation#patience}. */
    public RecipeBuilder patience(int evaluations) {
        return set("patience", Recipe.text(evaluations));
    }

    /** {@link Recipe#seed}. */
    public RecipeBuilder seed(long seed) {
        return set("seed", Recipe.text(seed));
    }

    /** {@link Recipe#from}: the digest of a model. No recipe file has it. */
    public RecipeBuilder from(String digest) {
        settings.put("from", digest);
        return this;
    }

    /**
     * A setting by its name in recipe files, such as {@code learning-rate}.
     *
     * @param value as recipe files have it
     * @throws KindlingException if there is no such setting
     */
    public RecipeBuilder set(String name, String value) {
        if (!settings.containsKey(name)) {
            throw new KindlingException(
                    "found '" + name + "', expected names of settings: " + String.join(", ", settings.keySet()));
        }
        settings.put(name, value);
        return this;
    }

    /** Every setting by its name in recipe files, with its value as recipe files have it. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /**
     * Takes all settings of a recipe file.
     *
     * @throws KindlingException naming the file if it cannot be read, or holds what is no setting
     */
    public RecipeBuilder file(Path file) {
        Map<String, String> given = RecipeFile.read(file);
        try {
            given.forEach(this::set);
        } catch (KindlingException e) {
            throw new KindlingException(file + ": " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * The recipe.
     *
     * @throws KindlingException naming the setting that is out of range
     */
    public Recipe build() {
        return new Recipe(
                Architecture.parse(settings.get("layers")).withOutput(constant("output", Output.class)),
                constant("inputs", Recipe.Inputs.class),
                constant("initialisation", Initialisation.class),
                constant("optimizer", Recipe.OptimizerKind.class),
                number("learning-rate"),
                constant("schedule", Schedule.class),
                whole("warmup"),
                whole("iterations"),
                settings.get("batch-size").equals(Recipe.FULL) ? Recipe.FULL_BATCH : whole("batch-size"),
                number("momentum"),
                number("beta1"),
                number("beta2"),
                number("tolerance"),
                number("weight-decay"),
                whole("repeat"),
                new Recipe.Validation(number("validation-fraction"), whole("validate-every"), whole("patience")),
                parsed("seed", "a whole number", Long::valueOf),
                settings.getOrDefault("from", ""));
    }

    private double number(String name) {
        return parsed(name, "a number", Double::valueOf);
    }

    private int whole(String name) {
        return parsed(name, "a whole number", Integer::valueOf);
    }

    private <T extends Enum<T>> T constant(String name, Class<T> kind) {
        String expected =
                Arrays.stream(kind.getEnumConstants()).map(Recipe::text).collect(Collectors.joining(" or "));
        return parsed(name, expected, text -> Enum.valueOf(kind, text.toUpperCase(Locale.ROOT)));
    }

    private <T> T parsed(String name, String expected, Function<String, T> parser) {
        String text = settings.get(name).strip();
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new KindlingException(setting(name) + ": found '" + text + "', expected " + expected, e);
        }
    }
}
