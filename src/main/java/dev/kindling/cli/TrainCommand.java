package dev.kindling.cli;

import dev.kindling.KindlingException;
import dev.kindling.data.DataDirectory;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.ShiftedCopies;
import dev.kindling.data.Split;
import dev.kindling.network.Blas;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.Provenance;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.StepListener;
import dev.kindling.training.Trained;
import dev.kindling.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: data in, parameters out. */
@Command(
        name = "train",
        header = "Train a network and save its parameters as Parquet.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh train",
            "  ./submit.sh train --seed 7 --iterations 500 --model models/seven",
            "  ./submit.sh train --config conf/classic.properties --overwrite"
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/mnist",
            description = "Where the training set is: IDX, CSV or Parquet; see README. Default: ${DEFAULT-VALUE}")
    private String data;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = "models/mnist",
            description = "Where the parameters go. Default: ${DEFAULT-VALUE}")
    private String model;

    @Option(names = "--overwrite", description = "Replace a model that is there; it stays until the new one is whole.")
    private boolean overwrite;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Options from a properties file, such as conf/classic.properties; the command line wins.")
    private Path config;

    @Mixin
    private RecipeOptions recipeOptions;

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(
            names = "--partitions",
            paramLabel = "NUMBER",
            description = "Partitions of the training set; they change the time, not the result. Default: the cores,"
                    + " or a multiple of them where the training set is large.")
    private Integer partitions;

    @Option(names = "--quiet", description = "Print only what comes out at the end.")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        Recipe recipe = recipe();
        if (partitions != null && partitions < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--partitions: found " + partitions + ", expected 1 or more");
        }
        try (Interruption interruption = new Interruption()) {
            return Sessions.run("train", spark -> run(spark, recipe, interruption));
        }
    }

    private int run(SparkSession spark, Recipe recipe, Interruption interruption) throws IOException {
        OutputDirectory output =
                OutputDirectory.open(spark.sparkContext().hadoopConfiguration(), model, ModelStore.MARK, overwrite);
        Checkpoints checkpoints = new Checkpoints(checkpointOptions, spark, model, overwrite, recipe);
        spark.sparkContext().setJobDescription("read and pack " + data);
        LabelledRows rows = ShiftedCopies.of(
                DataDirectory.open(spark, data, Split.TRAIN, recipe.layers().classes()),
                recipe.repeat(),
                recipe.seed());
        try (PackedRows packed = pack(spark, recipe, rows)) {
            Run run = checkpoints.begin(recipe, packed);
            if (run.steps() > 0) {
                print("goes on after step %,d from %s", run.steps(), checkpoints);
            }
            interruption.hold();
            long start = System.nanoTime();
            Trainer trainer = train(run, packed, recipe, checkpoints, interruption);
            double time = seconds(start);
            if (!run.isOver()) {
                saveForLater(run, checkpoints);
                return CommandLine.ExitCode.SOFTWARE;
            }
            Trained trained = trainer.result(run);
            Model result =
                    new Model(recipe.layers(), trained.parameters(), provenance(spark, recipe, packed, rows, trained));
            spark.sparkContext().setJobDescription("save the model");
            ModelStore.save(spark, output, result, run.history(), directory -> {
                try {
                    PictureFiles.of(LearningCurve.of(model, run.history())).write(spark, directory, "learning-curve");
                } catch (KindlingException e) { // no fonts: the numbers are there all the same
                    System.err.println("kindling: " + e.getMessage());
                }
            });
            report(trained, packed, recipe, time);
            System.out.println("parameters in " + model + ", SHA-256 " + result.digest());
        }
        return 0;
    }

    /** Checks the options; what is out of range is an error of the command line. */
    Recipe recipe() {
        try {
            checkpointOptions.check();
            return recipeOptions.recipe();
        } catch (KindlingException e) {
            throw new ParameterException(
                    spec.commandLine(), e.getMessage() + (config == null ? "" : " (see also " + config + ")"), e);
        }
    }

    private PackedRows pack(SparkSession spark, Recipe recipe, LabelledRows rows) throws IOException {
        int shards = partitions != null
                ? partitions
                : PackedRows.partitions(rows, spark.sparkContext().defaultParallelism());
        print(
                "Kindling %s, Spark %s on %s, %d partitions, seed %d",
                Version.of("kindling"), spark.version(), spark.sparkContext().master(), shards, recipe.seed());
        print("network %s: %,d parameters; %s", recipe.layers(), recipe.layers().parameters(), Blas.description());
        long start = System.nanoTime();
        PackedRows packed = PackedRows.pack(
                rows,
                recipe.layers(),
                shards,
                recipe.seed(),
                recipe.validation().validationFraction());
        print(
                "%,d rows of %d features from %s, read and packed in %.1f s",
                packed.rows(), rows.features(), rows.source(), seconds(start));
        print(
                "%.1f %% of the features are not zero: %,d sparse and %,d dense blocks",
                100 * packed.density(), packed.blockCount() - packed.denseBlocks(), packed.denseBlocks());
        if (packed.validationRows() > 0) {
            print("%,d rows to train on, %,d held out for validation", packed.trainingRows(), packed.validationRows());
        }
        return packed;
    }

    private Trainer train(
            Run run, PackedRows packed, Recipe recipe, Checkpoints checkpoints, Interruption interruption) {
        try (ProgressOnTerminal bar =
                quiet || !Sessions.isTerminal() ? null : new ProgressOnTerminal(run.steps(), recipe.iterations())) {
            StepListener progress = bar != null ? bar : quiet ? step -> {} : new ProgressLines(System.out);
            Trainer trainer = new Trainer(packed, recipe, step -> {
                progress.onStep(step);
                checkpoints.afterStep(run);
            });
            trainer.train(run, interruption::isRequested);
            return trainer;
        }
    }

    private static void saveForLater(Run run, Checkpoints checkpoints) {
        if (run.steps() == 0) {
            System.err.println("kindling: there is no step yet to go on from");
            return;
        }
        checkpoints.save(run);
        String command = System.getenv("KINDLING_COMMAND");
        System.err.printf(
                Locale.ROOT,
                "kindling: step %d is saved in %s; go on with: %s%n",
                run.steps(),
                checkpoints,
                command == null
                        ? "the same command and --resume"
                        : command.contains(" --resume") ? command : command + " --resume");
    }

    private void report(Trained trained, PackedRows packed, Recipe recipe, double time) {
        System.out.printf(
                Locale.ROOT,
                "trained %,d steps in %.1f s: loss %.4f, accuracy %.2f %% on the training set%n",
                trained.taken(),
                time,
                trained.loss(),
                100 * trained.accuracy());
        if (packed.validationRows() > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "loss %.4f, accuracy %.2f %% on the %,d rows held out, with the parameters of step %,d%n",
                    trained.validationLoss(),
                    100 * trained.validationAccuracy(),
                    packed.validationRows(),
                    trained.steps());
        }
        for (int l = 0; l < trained.deadUnits().size(); l++) {
            if (trained.deadUnits().get(l) > 0) {
                System.out.printf(
                        "%d of %d units of hidden layer %d are dead: zero on every row of the training set%n",
                        trained.deadUnits().get(l), recipe.layers().units(l), l + 1);
            }
        }
    }

    private static Provenance provenance(
            SparkSession spark, Recipe recipe, PackedRows packed, LabelledRows rows, Trained trained)
            throws IOException {
        return new Provenance(
                recipe.settings(),
                rows.source(),
                packed.rows(),
                packed.fingerprint(),
                trained.steps(),
                trained.loss(),
                trained.accuracy(),
                packed.validationRows(),
                trained.validationLoss(),
                trained.validationAccuracy(),
                Version.of("kindling"),
                spark.version(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Blas.description() + " " + Version.of("netlib"),
                Cpu.kind(),
                Instant.now());
    }

    private void print(String pattern, Object... values) {
        if (!quiet) {
            System.out.printf(Locale.ROOT, pattern + "%n", values);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
