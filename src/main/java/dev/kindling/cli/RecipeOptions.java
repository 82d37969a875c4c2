package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;
import dev.kindling.storage.Model;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import dev.kindling.training.RecipeFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that make a {@link Recipe}. Their defaults are in conf/default.properties. */
final class RecipeOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file of options, such as conf/classic.properties. Options on the command"
                    + " line win over it.")
    private Path config;

    @Option(
            names = "--layers",
            paramLabel = "SIZES",
            converter = Layers.class,
            description = "The number of inputs, of units in each hidden layer, and of classes."
                    + " Default: ${DEFAULT-VALUE}")
    private Architecture layers;

    @Option(
            names = "--inputs",
            paramLabel = "KIND",
            description = "How the optimiser sees the inputs: raw, or centred (minus their mean)."
                    + " Default: ${DEFAULT-VALUE}")
    private Recipe.Inputs inputs;

    @Option(
            names = "--initialisation",
            paramLabel = "KIND",
            description =
                    "How parameters start: uniform (weights and biases in (-1, 1)) or he. Default: ${DEFAULT-VALUE}")
    private Initialisation initialisation;

    @Option(
            names = "--optimizer",
            paramLabel = "KIND",
            description = "gd (plain gradient descent), momentum (Nesterov), adam, or lbfgs (quasi-Newton, with"
                    + " --batch-size full and without a learning rate). Default: ${DEFAULT-VALUE}")
    private Recipe.OptimizerKind optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "The highest learning rate, above 0. Default: ${DEFAULT-VALUE}")
    private double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "KIND",
            description = "The rate after the warm-up: constant, or cosine (falls to 0). Default: ${DEFAULT-VALUE}")
    private Schedule schedule;

    @Option(
            names = "--warmup",
            paramLabel = "STEPS",
            description = "The number of steps over which the rate first rises to its highest value."
                    + " Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(
            names = "--iterations",
            paramLabel = "STEPS",
            description = "The number of steps. Default: ${DEFAULT-VALUE}")
    private int iterations;

    @Option(
            names = "--batch-size",
            paramLabel = "ROWS",
            converter = BatchSize.class,
            description = "The rows of a step: a multiple of 256, or 'full' for all rows. Default: ${DEFAULT-VALUE}")
    private int batchSize;

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            description =
                    "With --optimizer momentum: the share of the velocity that stays from step to step, 0 to below"
                            + " 1. Default: ${DEFAULT-VALUE}")
    private double momentum;

    @Option(
            names = "--beta1",
            paramLabel = "SHARE",
            description = "With --optimizer adam: the share of the mean gradient that stays from step to step."
                    + " Default: ${DEFAULT-VALUE}")
    private double beta1;

    @Option(
            names = "--beta2",
            paramLabel = "SHARE",
            description = "With --optimizer adam: the share of the mean squared gradient that stays from step to"
                    + " step. Default: ${DEFAULT-VALUE}")
    private double beta2;

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            description = "With --optimizer lbfgs: training ends when ten lines together lower the loss by no more than"
                    + " this share of the first loss. Default: ${DEFAULT-VALUE}")
    private double tolerance;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            description = "The share of the first layer's weights that a step with rate 1 takes away."
                    + " Default: ${DEFAULT-VALUE}")
    private double weightDecay;

    @Option(
            names = "--repeat",
            paramLabel = "TIMES",
            description = "How often each image is in the training set: once as it is, the other times shifted by"
                    + " 1 or 2 pixels."
                    + " Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Option(
            names = "--validation-fraction",
            paramLabel = "SHARE",
            description = "The share of the training set that is held out, drawn by the seed, and evaluated during"
                    + " training: 0 (none) to below 1. Default: ${DEFAULT-VALUE}")
    private double validationFraction;

    @Option(
            names = "--validate-every",
            paramLabel = "STEPS",
            description = "With --validation-fraction: the number of steps from one evaluation to the next."
                    + " Default: ${DEFAULT-VALUE}")
    private int validateEvery;

    @Option(
            names = "--patience",
            paramLabel = "TIMES",
            description = "With --validation-fraction: stop after this many evaluations in succession without a smaller"
                    + " loss, and keep the best parameters, not the last. With 0 training goes on to the"
                    + " last step. Default: ${DEFAULT-VALUE}")
    private int patience;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "The seed of every random choice. The same seed gives the same model."
                    + " Default: ${DEFAULT-VALUE}")
    private long seed;

    /** The recipe that the options give. Building it fails if one is out of range. */
    RecipeBuilder builder() {
        return Recipe.builder()
                .layers(layers)
                .inputs(inputs)
                .initialisation(initialisation)
                .optimizer(optimizer)
                .learningRate(learningRate)
                .schedule(schedule)
                .warmup(warmup)
                .iterations(iterations)
                .batchSize(batchSize)
                .momentum(momentum)
                .beta1(beta1)
                .beta2(beta2)
                .tolerance(tolerance)
                .weightDecay(weightDecay)
                .repeat(repeat)
                .validationFraction(validationFraction)
                .validateEvery(validateEvery)
                .patience(patience)
                .seed(seed);
    }

    /** The settings that were given, on the command line or in the file, and not the defaults; without layers. */
    Map<String, String> given() {
        Map<String, String> given = new TreeMap<>(builder().settings());
        Set<String> inFile = inFile();
        given.keySet().removeIf(name -> !isGiven(name) && !inFile.contains(name));
        given.remove("layers");
        return given;
    }

    private Set<String> inFile() {
        return config == null
                ? Set.of()
                : RecipeFile.read(ConfigFile.shipped(config)).keySet();
    }

    /**
     * The recipe of a run that begins with a model.
     *
     * @param place of the model, for messages
     * @throws KindlingException if other layers were given than the model's
     */
    Recipe startingWith(Recipe recipe, Model model, String place) {
        boolean isGiven = isGiven("layers") || inFile().contains("layers");
        if (isGiven && !recipe.layers().equals(model.architecture())) {
            throw new KindlingException("--layers: found " + recipe.layers() + ", expected " + model.architecture()
                    + ", those of " + place + ", or none");
        }
        return recipe.toBuilder()
                .layers(model.architecture())
                .from(model.digest())
                .build();
    }

    /** Whether an option is on the command line. */
    boolean isGiven(String name) {
        return command.commandLine().getParseResult().hasMatchedOption("--" + name);
    }

    /**
     * Reads options of a command.
     *
     * @throws ParameterException if one is out of range: that is an error of the command line
     */
    <T> T checked(Supplier<T> options) {
        try {
            return options.get();
        } catch (KindlingException e) {
            throw new ParameterException(
                    command.commandLine(), Main.message(e) + (config == null ? "" : " (see also " + config + ")"), e);
        }
    }

    /** Sizes with commas. */
    private static final class Layers implements ITypeConverter<Architecture> {
        @Override
        public Architecture convert(String text) {
            try {
                return Architecture.parse(text);
            } catch (KindlingException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** A number of rows, or full. */
    private static final class BatchSize implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (text.equals("full")) {
                return Recipe.FULL_BATCH;
            }
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new TypeConversionException("found '" + text + "', expected a multiple of 256, or 'full'");
            }
            return Integer.valueOf(text);
        }
    }
}
