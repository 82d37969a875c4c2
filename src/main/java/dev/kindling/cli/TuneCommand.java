package dev.kindling.cli;

import dev.kindling.TrainedModel;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.OutputDirectory;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import dev.kindling.training.Run;
import dev.kindling.training.Trainer;
import dev.kindling.ui.TrainingEvents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tune}: several recipes trained side by side, and compared. */
@Command(
        name = "tune",
        header = "Train with several learning rates, optimisers or seeds, and compare them.",
        description = "%nEvery combination of the lists is a candidate. Candidates with the same seed are trained"
                + " side by side: each step reads the data once for all of them. Seeds are trained one after the"
                + " other, because each seed orders the rows in its own way and holds out other rows. Each"
                + " candidate ends with the same bits as `train` with its options and the same"
                + " --validation-fraction. A candidate that diverges drops out, and the others go on.%n",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./submit.sh tune --learning-rates 0.05,0.1,0.2,0.4",
            "  ./submit.sh tune --optimizers momentum,adam --learning-rates 0.01,0.1 --seeds 1,2 --iterations 500",
            "  ./submit.sh tune --config conf/classic.properties --learning-rates 0.05,0.1,0.25,0.5 --save-best models/best"
        })
final class TuneCommand implements Checked {
    /** Defaults of its own: candidates are compared on held-out rows, so there must be some. */
    static final Map<String, String> DEFAULTS = Map.of("validation-fraction", "0.1", "validate-every", "10");

    @Mixin
    private TrainingSetOptions trainingSet;

    @Option(
            names = "--learning-rates",
            paramLabel = "RATE",
            split = ",",
            description = "The learning rates to compare. Default: the value of --learning-rate.")
    private List<Double> learningRates;

    @Option(
            names = "--optimizers",
            paramLabel = "KIND",
            split = ",",
            description = "The optimisers to compare. Default: the value of --optimizer.")
    private List<Recipe.OptimizerKind> optimizers;

    @Option(
            names = "--seeds",
            paramLabel = "NUMBER",
            split = ",",
            description = "The seeds to compare. Default: the value of --seed.")
    private List<Long> seeds;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "tuning",
            description = "A directory for all evaluations (tuning.csv, tuning.parquet) and a picture of accuracy"
                    + " against steps (tuning.png, tuning.svg). Default: ${DEFAULT-VALUE}")
    private String output;

    @Option(
            names = "--save-best",
            paramLabel = "DIR",
            description = "A directory for the model of the best candidate, as train would save it.")
    private String saveBest;

    @Option(names = "--overwrite", description = "Replace an output or a model that exists.")
    private boolean overwrite;

    @Mixin
    private RecipeOptions recipeOptions;

    @Override
    public void checkOptions() {
        checkedCandidates();
    }

    @Override
    public void checkPaths() {
        LocalPaths.requireFree(output, TuningReport.MARK, overwrite);
        if (saveBest != null) {
            ModelOutput.checkPath(saveBest, overwrite);
        }
        trainingSet.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        List<Candidate> candidates = checkedCandidates();
        return Sessions.train("tune", spark -> run(spark, candidates));
    }

    private int run(SparkSession spark, List<Candidate> candidates) {
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        OutputDirectory report = OutputDirectory.open(configuration, output, TuningReport.MARK, overwrite, Main::warn);
        ModelOutput model = saveBest == null ? null : new ModelOutput(spark, saveBest, overwrite);
        Map<Long, List<Candidate>> bySeed = candidates.stream()
                .collect(Collectors.groupingBy(
                        candidate -> candidate.recipe().seed(), LinkedHashMap::new, Collectors.toList()));
        List<Candidate> ranked = new ArrayList<>();
        TrainedModel best = null;
        for (List<Candidate> group : bySeed.values()) {
            try (PackedRows packed = trainingSet.pack(
                    spark, group.stream().map(Candidate::recipe).toList())) {
                Trainer trainer = train(spark, packed, group);
                group.stream().filter(candidate -> !candidate.isDropped()).forEach(ranked::add);
                ranked.sort(Candidate.BY_RANK);
                if (model != null && !ranked.isEmpty() && group.contains(ranked.get(0))) {
                    Run run = ranked.get(0).run();
                    best = TrainedModel.of(spark, run, trainer.result(run));
                }
            }
        }
        try {
            report(spark, report, candidates, ranked);
        } finally { // a comparison that cannot be written costs no model
            if (best != null) {
                save(spark, model, best);
            }
        }
        return 0;
    }

    /** Whoever has trained for hours gets the best model all the same, beside its place if that was taken meanwhile. */
    private void save(SparkSession spark, ModelOutput model, TrainedModel best) {
        try {
            model.save(best);
        } catch (KindlingException e) {
            String beside = saveBest.replaceAll("/+$", "") + ".best";
            try {
                new ModelOutput(spark, beside, false).save(best);
            } catch (KindlingException again) {
                throw new KindlingException(
                        Main.message(e) + "; the best model cannot be saved in " + beside + " either: "
                                + Main.message(again),
                        e);
            }
            throw new KindlingException(Main.message(e) + "; the best model is not lost: it is in " + beside, e);
        }
    }

    private Trainer train(SparkSession spark, PackedRows packed, List<Candidate> group) {
        int iterations = group.get(0).recipe().iterations();
        Map<Run, Candidate> runs = new LinkedHashMap<>();
        group.forEach(candidate -> runs.put(candidate.begin(packed), candidate));
        trainingSet.print("%d candidates side by side", group.size());
        long start = System.nanoTime();
        Map<Run, String> names = new LinkedHashMap<>();
        runs.forEach((run, candidate) -> names.put(run, candidate.name()));
        try (TrainingEvents events = new TrainingEvents(spark.sparkContext(), names);
                Progress progress = trainingSet.progress(0, iterations, group.size())) {
            Trainer trainer = trainingSet.trainer(packed, group.get(0).recipe(), step -> {
                progress.onStep(step);
                events.onStep(step);
            });
            trainer.train(List.copyOf(runs.keySet()), () -> false, (run, why) -> {
                Candidate candidate = runs.get(run);
                candidate.drop(why);
                events.diverged(run, why);
                trainingSet.print("%s drops out: %s", candidate.name(), candidate.whyDropped());
            });
            trainingSet.print("trained in %.1f s", (System.nanoTime() - start) / 1e9);
            return trainer;
        }
    }

    private void report(
            SparkSession spark, OutputDirectory directory, List<Candidate> candidates, List<Candidate> ranked) {
        List<Candidate> dropped =
                candidates.stream().filter(Candidate::isDropped).toList();
        if (ranked.isEmpty()) {
            throw new KindlingException(
                    "tune: found that all " + candidates.size() + " candidates diverge, expected at least one that"
                            + " does not; the first one: " + dropped.get(0).whyDropped());
        }
        TuningReport report = new TuningReport(trainingSet.toString(), ranked, dropped);
        System.out.println(report.text());
        Sessions.announce("saving the comparison");
        spark.sparkContext().setJobDescription("write " + output);
        directory.write(path -> report.write(spark, path));
        System.out.println("table and picture in " + output);
    }

    private List<Candidate> checkedCandidates() {
        return recipeOptions.checked(this::candidates);
    }

    /** The product of the lists, seeds outermost. */
    private List<Candidate> candidates() {
        trainingSet.check();
        List<RecipeBuilder> builders = List.of(recipeOptions.builder());
        builders = product(builders, "--seeds", seeds, RecipeBuilder::seed);
        builders = product(builders, "--optimizers", optimizers, RecipeBuilder::optimizer);
        builders = product(builders, "--learning-rates", learningRates, RecipeBuilder::learningRate);
        List<Recipe> recipes = builders.stream().map(RecipeBuilder::build).toList();
        if (recipes.get(0).validation().validationFraction() == 0) {
            throw new KindlingException(
                    "--validation-fraction: found 0, expected more: candidates are compared on held-out rows");
        }
        return recipes.stream()
                .map(recipe -> new Candidate(name(recipe), recipe))
                .toList();
    }

    /** Each of the recipes with each of the values; the recipes as they are if there are no values. */
    private static <T> List<RecipeBuilder> product(
            List<RecipeBuilder> builders,
            String option,
            List<T> values,
            BiFunction<RecipeBuilder, T, RecipeBuilder> set) {
        if (values == null) {
            return builders;
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw new KindlingException(option + ": found " + values + ", expected each value once");
        }
        return builders.stream()
                .flatMap(builder -> values.stream().map(value -> set.apply(builder.copy(), value)))
                .toList();
    }

    /** What tells a candidate from the others. */
    private String name(Recipe recipe) {
        boolean optimizersDiffer = optimizers != null && optimizers.size() > 1;
        boolean seedsDiffer = seeds != null && seeds.size() > 1;
        return (optimizersDiffer ? recipe.optimizer().name().toLowerCase(Locale.ROOT) + " " : "")
                + "rate " + recipe.learningRate()
                + (seedsDiffer ? " seed " + recipe.seed() : "");
    }
}
