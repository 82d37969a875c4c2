package dev.kindling.training;

import dev.kindling.data.PackedRows;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Two, then four trainings at once in one Spark context of its own, then one whose context is stopped in the middle.
 * RoundsClusterIT runs it with different settings, which are its arguments.
 */
public final class TrainingsAtOnce {
    private static final int STEPS = 150;
    private static final int SEEDS = 2;
    private static final int FAR_TOO_MANY = 10_000_000;

    private TrainingsAtOnce() {}

    public static void main(String[] settings) {
        SparkConf conf = new SparkConf().setAppName("trainings at once");
        for (String setting : settings) {
            String[] nameAndValue = setting.split("=", 2);
            conf.set(nameAndValue[0], nameAndValue[1]);
        }
        SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
        List<float[]> alone = IntStream.range(0, SEEDS)
                .mapToObj(seed -> train(spark, recipe(STEPS, seed), ExchangeKind.JOB, step -> {}))
                .toList();
        for (int count : new int[] {2, 4}) {
            atOnce(spark, count, alone);
        }
        endsWithItsContext(spark);
    }

    private static Recipe recipe(int steps, int seed) {
        return Recipes.miniBatch(Rows.ARCHITECTURE, Recipe.OptimizerKind.MOMENTUM, steps).toBuilder()
                .seed(seed)
                .build();
    }

    private static float[] train(SparkSession spark, Recipe recipe, ExchangeKind exchange, StepListener listener) {
        try (PackedRows packed = PackedRows.pack(Rows.random(spark, 1), Rows.ARCHITECTURE, 4, recipe.seed())) {
            return new Trainer(packed, recipe, exchange, listener).train().parameters();
        }
    }

    private static void atOnce(SparkSession spark, int count, List<float[]> alone) {
        SparkContext context = spark.sparkContext();
        List<Recipe> recipes = IntStream.range(0, count)
                .mapToObj(k -> recipe(STEPS, k % SEEDS))
                .toList();
        try (StepJobs jobs = new StepJobs(context)) {
            List<CompletableFuture<float[]>> trainings = recipes.stream()
                    .map(recipe -> onAThread(() -> {
                        context.setLocalProperty("spark.scheduler.pool", "pool " + recipe.seed());
                        return train(spark, recipe, ExchangeKind.ROUND, step -> {});
                    }))
                    .toList();
            for (int k = 0; k < count; k++) {
                if (!Arrays.equals(trainings.get(k).join(), alone.get(k % SEEDS))) {
                    throw new AssertionError("of " + count + " at once, number " + k + " has other bits than alone");
                }
            }
            System.out.println(count + " at once: " + jobs.rounds().size() + " rounds");
        }
    }

    private static void endsWithItsContext(SparkSession spark) {
        try {
            train(spark, recipe(FAR_TOO_MANY, 1), ExchangeKind.ROUND, step -> {
                if (step.number() == 20) {
                    new Thread(spark::stop).start();
                }
            });
        } catch (Exception e) { // SparkException too, which Scala does not declare
            System.out.println("stopped: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static <T> CompletableFuture<T> onAThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        });
    }
}
