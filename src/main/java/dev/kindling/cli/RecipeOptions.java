package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import java.nio.file.Path;
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
            description = "Options from a properties file, such as conf/classic.properties; the command line wins.")
    private Path config;

    @Option(
            names = "--layers",
            paramLabel = "SIZES",
            converter = Layers.class,
            description = "Inputs, hidden units of each layer, classes. Default: ${DEFAULT-VALUE}")
    private Architecture layers;

    @Option(
            names = "--inputs",
            paramLabel = "KIND",
            description = "What the optimiser sees of the inputs: raw, or centred (minus their mean)."
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
            description = "gd (plain gradient descent), momentum (Nesterov) or adam. Default: ${DEFAULT-VALUE}")
    private Recipe.OptimizerKind optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "The full learning rate, above 0. Default: ${DEFAULT-VALUE}")
    private double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "KIND",
            description = "How the rate goes on: constant or cosine (down to 0). Default: ${DEFAULT-VALUE}")
    private Schedule schedule;

    @Option(
            names = "--warmup",
            paramLabel = "STEPS",
            description = "Steps over which the rate rises to its full height. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(
            names = "--iterations",
            paramLabel = "STEPS",
            description = "Steps to train, each a Spark job. Default: ${DEFAULT-VALUE}")
    private int iterations;

    @Option(
            names = "--batch-size",
            paramLabel = "ROWS",
            converter = BatchSize.class,
            description = "Rows of a step: a multiple of 256, or 'full' for all. Default: ${DEFAULT-VALUE}")
    private int batchSize;

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            description =
                    "With --optimizer momentum: what stays of the velocity, 0 to below 1. Default: ${DEFAULT-VALUE}")
    private double momentum;

    @Option(
            names = "--beta1",
            paramLabel = "SHARE",
            description = "With --optimizer adam: what stays of the mean gradient. Default: ${DEFAULT-VALUE}")
    private double beta1;

    @Option(
            names = "--beta2",
            paramLabel = "SHARE",
            description = "With --optimizer adam: what stays of the mean square. Default: ${DEFAULT-VALUE}")
    private double beta2;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            description = "What a step of rate 1 takes away of the first layer's weights. Default: ${DEFAULT-VALUE}")
    private double weightDecay;

    @Option(
            names = "--repeat",
            paramLabel = "TIMES",
            description = "How often the training set has each image: once as it is, then shifted by 1 or 2 pixels."
                    + " Default: ${DEFAULT-VALUE}")
    private int repeat;

    @Option(
            names = "--validation-fraction",
            paramLabel = "SHARE",
            description = "The share of the training set that is held out, drawn by the seed, and evaluated on the way:"
                    + " 0 for none to below 1. Default: ${DEFAULT-VALUE}")
    private double validationFraction;

    @Option(
            names = "--validate-every",
            paramLabel = "STEPS",
            description =
                    "With a validation fraction: steps from one evaluation to the next. Default: ${DEFAULT-VALUE}")
    private int validateEvery;

    @Option(
            names = "--patience",
            paramLabel = "TIMES",
            description =
                    "With a validation fraction: stop after so many evaluations without a smaller loss, and keep the"
                            + " best parameters, not the last; 0 for never. Default: ${DEFAULT-VALUE}")
    private int patience;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Seed of every random choice: same seed, same model. Default: ${DEFAULT-VALUE}")
    private long seed;

    /** The recipe that they make; what is out of range shows when it is built. */
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
                .weightDecay(weightDecay)
                .repeat(repeat)
                .validationFraction(validationFraction)
                .validateEvery(validateEvery)
                .patience(patience)
                .seed(seed);
    }

    /**
     * What the options of a command say.
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
