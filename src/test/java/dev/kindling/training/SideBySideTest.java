package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are trained together come to what each comes to alone. */
@Tag("slow")
class SideBySideTest {
    private static final Recipe.Validation HELD_OUT = new Recipe.Validation(0.3, 2, 0);
    private static final Recipe.Validation PATIENT = new Recipe.Validation(0.3, 2, 2);

    /** What was trained alone already. */
    private static final Map<Recipe, End> ALONE = new ConcurrentHashMap<>();

    /** Each optimiser with two rates; the one that has no rate once, where there are all rows. */
    private static List<Recipe> recipes(Recipe base, Recipe.Validation validation) {
        List<Recipe> recipes = new ArrayList<>();
        for (Recipe.OptimizerKind optimizer : Recipe.OptimizerKind.values()) {
            boolean hasRate = optimizer != Recipe.OptimizerKind.LBFGS;
            if (hasRate || base.batchSize() == Recipe.FULL_BATCH) {
                recipes.add(Recipes.with(base, optimizer, 0.02, validation));
            }
            if (hasRate) {
                recipes.add(Recipes.with(base, optimizer, 0.3, validation));
            }
        }
        return recipes;
    }

    private static Recipe fullBatch() {
        return Recipes.classic(Rows.ARCHITECTURE, 7);
    }

    private static Recipe miniBatch() {
        return Recipes.miniBatch(Rows.ARCHITECTURE, Recipe.OptimizerKind.GD, 30);
    }

    private static PackedRows pack(Recipe recipe, int partitions) {
        return PackedRows.pack(
                Rows.random(1),
                Rows.ARCHITECTURE,
                partitions,
                recipe.seed(),
                recipe.validation().validationFraction());
    }

    private static End alone(Recipe recipe) {
        return ALONE.computeIfAbsent(recipe, SideBySideTest::train);
    }

    private static End train(Recipe recipe) {
        try (PackedRows packed = pack(recipe, 2)) {
            Trainer trainer = new Trainer(packed, recipe, step -> {});
            Run run = new Run(recipe, packed);
            trainer.train(run, () -> false);
            return End.of(trainer, run);
        }
    }

    /** What those that were not dropped end with, and why the others were. */
    private record Ends(Map<Recipe, End> ends, Map<Recipe, String> dropped, List<Step> heard) {
        static Ends of(List<Recipe> recipes, int partitions) {
            Ends ends = new Ends(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
            try (PackedRows packed = pack(recipes.get(0), partitions)) {
                List<Run> runs =
                        recipes.stream().map(recipe -> new Run(recipe, packed)).toList();
                Trainer trainer = new Trainer(packed, recipes.get(0), ends.heard::add);
                trainer.train(runs, () -> false, (run, why) -> ends.dropped.put(run.recipe(), why.getMessage()));
                runs.stream()
                        .filter(run -> !ends.dropped.containsKey(run.recipe()))
                        .forEach(run -> ends.ends.put(run.recipe(), End.of(trainer, run)));
            }
            return ends;
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "true, 3", "true, 300", "false, 1", "false, 3"})
    void eachRunEndsWithTheBitsThatItHasAlone(boolean full, int partitions) {
        List<Recipe> recipes = recipes(full ? fullBatch() : miniBatch(), HELD_OUT);
        Ends together = Ends.of(recipes, partitions);
        assertThat(together.ends).hasSize(full ? 7 : 6);
        assertThat(together.ends.values().stream().map(end -> end.trained().loss()))
                .doesNotHaveDuplicates();
        together.ends.forEach((recipe, end) -> end.isThatOf(alone(recipe)));
    }

    @Test
    void aRunThatPatienceEndsLeavesTheOthersToGoOn() {
        List<Recipe> recipes = recipes(miniBatch(), PATIENT);
        Ends together = Ends.of(recipes, 2);
        assertThat(together.ends.values().stream()
                        .map(end -> end.trained().taken())
                        .distinct())
                .hasSizeGreaterThan(1);
        together.ends.forEach((recipe, end) -> end.isThatOf(alone(recipe)));
    }

    @Test
    void aRunThatDivergesDropsOutAndTheOthersGoOnAsIfItHadNotBeen() {
        Recipe reckless = Recipes.with(fullBatch(), Recipe.OptimizerKind.GD, 1e38, HELD_OUT);
        Recipe rash = Recipes.with(fullBatch(), Recipe.OptimizerKind.MOMENTUM, 3_000, HELD_OUT);
        List<Recipe> recipes = new ArrayList<>(recipes(fullBatch(), HELD_OUT));
        recipes.add(0, reckless);
        recipes.add(3, rash);
        Ends together = Ends.of(recipes, 2);
        assertThat(together.dropped).containsOnlyKeys(reckless, rash);
        assertThat(together.dropped.get(reckless)).startsWith("step 2: the loss is not a finite number");
        assertThat(together.dropped.get(rash)).startsWith("step ").contains("try a smaller learningRate (now 3000.0)");
        assertThat(together.ends).hasSize(7);
        together.ends.forEach((recipe, end) -> end.isThatOf(alone(recipe)));
    }

    @Test
    void whereAllDivergeTrainingEnds() {
        Recipe reckless = Recipes.with(fullBatch(), Recipe.OptimizerKind.GD, 1e38, HELD_OUT);
        Ends together = Ends.of(List.of(reckless), 2);
        assertThat(together.dropped).containsOnlyKeys(reckless);
        assertThat(together.heard).extracting(Step::number).containsExactly(1);
    }

    @Test
    void allShareAJobForEachStepAndForEachValidation() throws InterruptedException {
        List<String> jobs = new CopyOnWriteArrayList<>();
        CountDownLatch steps = new CountDownLatch(7 + 4);
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                jobs.add(String.valueOf(job.properties().get("spark.job.description")));
                steps.countDown();
            }
        };
        List<Recipe> recipes = recipes(fullBatch(), HELD_OUT);
        List<Step> heard = new ArrayList<>();
        try (PackedRows packed = pack(recipes.get(0), 2)) {
            List<Run> runs =
                    recipes.stream().map(recipe -> new Run(recipe, packed)).toList();
            SparkTest.session().sparkContext().addSparkListener(listener);
            new Trainer(packed, recipes.get(0), ExchangeKind.JOB, heard::add).train(runs, () -> false, (run, why) -> {
                throw new AssertionError(why);
            });
            steps.await();
            double smallest =
                    runs.stream().mapToDouble(run -> run.last().loss()).min().orElseThrow();
            assertThat(heard.get(6).loss()).isEqualTo(smallest);
        } finally {
            SparkTest.session().sparkContext().removeSparkListener(listener);
        }
        assertThat(heard).extracting(Step::number).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(jobs).hasSize(7 + 4);
        assertThat(jobs.stream().filter(job -> job.startsWith("step "))).hasSize(7);
        assertThat(jobs.stream().filter(job -> job.startsWith("validation after ")))
                .hasSize(4);
    }
}
