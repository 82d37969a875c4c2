package dev.kindling.cli;

import dev.kindling.Checkpoints;
import dev.kindling.TrainedModel;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import dev.kindling.training.Trained;
import dev.kindling.training.Trainer;
import dev.kindling.ui.TrainingEvents;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            "  ./submit.sh train --config conf/classic.properties --overwrite",
            "  ./submit.sh train --data examples/iris.csv --label species --model models/iris"
        })
final class TrainCommand implements Checked {
    @Mixin
    private TrainingSetOptions trainingSet;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = "models/mnist",
            description = "The directory for the model. Default: ${DEFAULT-VALUE}")
    private String model;

    @Option(
            names = "--overwrite",
            description = "Replace a model that exists. It stays until the new one is complete. Checkpoints of another"
                    + " run are deleted when training begins.")
    private boolean overwrite;

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description =
                    "A model to begin with, as train or import saved it or as ONNX, instead of random parameters. Its layers"
                            + " stay, and in a table its columns, labels and scales.")
    private String from;

    @Mixin
    private RecipeOptions recipeOptions;

    @Mixin
    private TableOptions tableOptions;

    @Mixin
    private ColumnOptions columnOptions;

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Override
    public void checkOptions() {
        recipe();
        policy();
    }

    @Override
    public void checkPaths() {
        ModelOutput.checkPath(model, overwrite);
        trainingSet.checkThere();
        if (from != null) {
            ModelFile.requireThere(from);
        }
    }

    @Override
    public Integer call() throws Exception {
        Recipe recipe = recipe();
        Checkpoints.Policy policy = policy();
        try (Interruption interruption = new Interruption()) {
            return Sessions.train("train", spark -> run(spark, recipe, policy, interruption));
        }
    }

    private int run(SparkSession spark, Recipe recipe, Checkpoints.Policy policy, Interruption interruption) {
        ModelOutput output = new ModelOutput(spark, model, overwrite);
        Optional<Model> start = Optional.ofNullable(from).map(place -> ModelFile.load(spark, place));
        start.ifPresent(begun -> trainingSet.print("begins with %s, SHA-256 %s", from, begun.digest()));
        boolean isTable = trainingSet.isTable(spark);
        start.ifPresent(begun -> requireKind(begun, isTable));
        if (isTable) {
            TrainingSetOptions.Table table =
                    trainingSet.open(spark, tableOptions, columnOptions, recipeOptions.given(), start);
            return run(
                    spark,
                    table.table().recipe(),
                    () -> trainingSet.pack(spark, table),
                    Optional.of(table.table().signature()),
                    start,
                    output,
                    policy,
                    interruption);
        }
        trainingSet.requireNoTable(columnOptions);
        Recipe whole = start.map(begun -> recipeOptions.startingWith(recipe, begun, from))
                .orElse(recipe);
        return run(
                spark,
                whole,
                () -> trainingSet.pack(spark, List.of(whole)),
                Optional.empty(),
                start,
                output,
                policy,
                interruption);
    }

    /** Refuses a model to begin with that takes other data than there are. */
    private void requireKind(Model begun, boolean isTable) {
        String table = "a table's columns";
        if (begun.signature().isPresent() != isTable) {
            throw new KindlingException(from + ": found a model of " + (isTable ? "images" : table)
                    + ", expected one of " + (isTable ? table : "images") + ", as the data set has");
        }
    }

    private int run(
            SparkSession spark,
            Recipe recipe,
            Supplier<PackedRows> rows,
            Optional<Signature> signature,
            Optional<Model> start,
            ModelOutput output,
            Checkpoints.Policy policy,
            Interruption interruption) {
        Checkpoints checkpoints = new Checkpoints(spark, policy, recipe, Main::warn);
        try (PackedRows packed = rows.get()) {
            Run run = checkpoints.begin(recipe, packed, start);
            if (run.steps() > 0) {
                trainingSet.print("goes on after step %,d from %s", run.steps(), checkpoints);
            }
            interruption.hold();
            long began = System.nanoTime();
            Trainer trainer = train(spark, run, packed, recipe, checkpoints, interruption);
            double seconds = (System.nanoTime() - began) / 1e9;
            if (!run.isOver()) {
                saveForLater(run, checkpoints);
                return CommandLine.ExitCode.SOFTWARE;
            }
            try {
                Trained trained = trainer.result(run);
                report(trained, packed, recipe, seconds);
                output.save(TrainedModel.of(spark, run, trained, signature));
            } catch (KindlingException e) {
                throw new KindlingException(Main.message(e) + keep(run, checkpoints), e);
            }
        }
        return 0;
    }

    /** Whoever has trained for hours gets the model all the same, from a checkpoint. */
    private static String keep(Run run, Checkpoints checkpoints) {
        try {
            checkpoints.save(run);
        } catch (KindlingException e) {
            return "; the run cannot be saved either: " + Main.message(e);
        }
        return "; the training is not lost: " + whereToGoOn(run, checkpoints);
    }

    /** Checks the options. One that is out of range is an error of the command line. */
    Recipe recipe() {
        return recipeOptions.checked(() -> {
            Recipe recipe = recipeOptions.builder().build();
            trainingSet.check();
            return recipe;
        });
    }

    private Checkpoints.Policy policy() {
        return recipeOptions.checked(() -> checkpointOptions.policy(model, overwrite));
    }

    private Trainer train(
            SparkSession spark,
            Run run,
            PackedRows packed,
            Recipe recipe,
            Checkpoints checkpoints,
            Interruption interruption) {
        try (TrainingEvents events = new TrainingEvents(spark.sparkContext(), Map.of(run, model));
                Progress progress = trainingSet.progress(run.steps(), recipe.iterations(), 1)) {
            Trainer trainer = trainingSet.trainer(packed, recipe, step -> {
                progress.onStep(step);
                events.onStep(step);
                checkpoints.afterStep(run);
            });
            events.train(trainer, run, interruption::isRequested);
            return trainer;
        }
    }

    private static void saveForLater(Run run, Checkpoints checkpoints) {
        if (run.steps() == 0) {
            System.err.println("kindling: no step was finished, so there is nothing to go on from");
            return;
        }
        checkpoints.save(run);
        Main.warn(whereToGoOn(run, checkpoints));
    }

    private static String whereToGoOn(Run run, Checkpoints checkpoints) {
        String command = System.getenv("KINDLING_COMMAND");
        return String.format(
                Locale.ROOT,
                "step %d is saved in %s; go on with: %s",
                run.steps(),
                checkpoints,
                command == null
                        ? "the same command and --resume"
                        : command.contains(" --resume") ? command : command + " --resume");
    }

    private static void report(Trained trained, PackedRows packed, Recipe recipe, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "trained %,d steps in %.1f s: loss %.4f%s on the training set%n",
                trained.taken(),
                seconds,
                trained.loss(),
                Accuracy.percent(trained.accuracy()));
        if (packed.validationRows() > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "loss %.4f%s on the %,d rows held out, with the parameters of step %,d%n",
                    trained.validationLoss(),
                    Accuracy.percent(trained.validationAccuracy()),
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
}
