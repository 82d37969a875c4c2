package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.FirstAttemptsFail;
import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Initialisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.RpcUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.util.Left;

/** Rounds in an application that has other things to do, and is disturbed. They give the bits that jobs give. */
@Tag("slow")
@Timeout(120)
class RoundExchangeTest {
    /** A first round has 50 steps, so that there are some rounds. */
    private static final int STEPS = 160;

    private static final int FAR_TOO_MANY = 10_000_000;

    private static final Map<Recipe, float[]> BY_JOBS = new ConcurrentHashMap<>();

    /** What the other job of the application waits for; in local mode its task is in this JVM. */
    private static volatile CountDownLatch hold;

    private static volatile CountDownLatch held;

    private static final Executor THREADS = work -> new Thread(work).start();

    private CompletableFuture<Void> cancelling = CompletableFuture.completedFuture(null);
    private final SparkContext context = SparkTest.session().sparkContext();

    private static Recipe recipe(int steps, long seed) {
        return Recipes.miniBatch(Rows.ARCHITECTURE, Recipe.OptimizerKind.ADAM, steps).toBuilder()
                .seed(seed)
                .build();
    }

    private static PackedRows pack(Recipe recipe, int partitions) {
        return PackedRows.pack(Rows.random(3), Rows.ARCHITECTURE, partitions, recipe.seed());
    }

    private static float[] byJobs(Recipe recipe) {
        return BY_JOBS.computeIfAbsent(recipe, unseen -> {
            try (PackedRows packed = pack(recipe, 1)) {
                return new Trainer(packed, recipe, ExchangeKind.JOB, step -> {})
                        .train()
                        .parameters();
            }
        });
    }

    /** Trains in rounds, and compares with what jobs give. The listener is made for the rows. */
    private static void trainsToTheSameBits(
            Recipe recipe, int partitions, Function<PackedRows, StepListener> listener) {
        float[] expected = byJobs(recipe);
        try (PackedRows packed = pack(recipe, partitions)) {
            Trained trained = new Trainer(packed, recipe, ExchangeKind.ROUND, listener.apply(packed)).train();
            assertThat(trained.parameters()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void trainingsAtOnceEndWithTheBitsThatEachHasAlone(int count) {
        List<Recipe> recipes =
                IntStream.range(0, count).mapToObj(k -> recipe(STEPS, 10 + k)).toList();
        recipes.forEach(RoundExchangeTest::byJobs);
        CountDownLatch all = new CountDownLatch(count);
        try (StepJobs counter = new StepJobs(context)) {
            CompletableFuture<?>[] trainings = recipes.stream()
                    .map(recipe -> CompletableFuture.runAsync(
                            () -> trainsToTheSameBits(recipe, 2, packed -> step -> {
                                if (step.number() == 1) {
                                    all.countDown();
                                    await(all);
                                }
                            }),
                            THREADS))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(trainings).join();
            assertThat(counter.rounds()).hasSizeGreaterThanOrEqualTo(2 * count);
        }
    }

    @Test
    void twoTrainingsOfTheSameRowsAtOnceEndWithTheBitsThatEachHasAlone() {
        Recipe recipe = recipe(STEPS, 10);
        float[] expected = byJobs(recipe);
        try (PackedRows packed = pack(recipe, 3)) {
            List<CompletableFuture<float[]>> trainings = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                trainings.add(CompletableFuture.supplyAsync(
                        () -> new Trainer(packed, recipe, ExchangeKind.ROUND, step -> {})
                                .train()
                                .parameters(),
                        THREADS));
            }
            assertThat(trainings)
                    .allSatisfy(training -> assertThat(training.join()).isEqualTo(expected));
        }
    }

    /** Another job of the application, of some tasks, which go on until they are let go. */
    private CompletableFuture<Void> holdSlots(int tasks) {
        hold = new CountDownLatch(1);
        held = new CountDownLatch(tasks);
        Runnable job = () -> JavaSparkContext.fromSparkContext(context)
                .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                .foreach(task -> {
                    held.countDown();
                    hold.await();
                });
        return CompletableFuture.runAsync(job, THREADS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withFewerFreeSlotsThanTasksTrainingGoesOnByJobs() {
        try (StepJobs counter = new StepJobs(context)) {
            byJobs(recipe(STEPS, 7)); // before the slot is taken
            CompletableFuture<Void> other = holdSlots(1);
            await(held);
            trainsToTheSameBits(recipe(STEPS, 7), 2, packed -> step -> {});
            assertThat(other).isNotDone();
            hold.countDown();
            other.join();
            assertThat(counter.jobs()).contains("step 1 of " + STEPS).anyMatch(job -> job.startsWith("step " + STEPS));
        }
    }

    @Test
    void anotherJobGetsItsTurnWhileTheListenerIsBusy() {
        trainsToTheSameBits(recipe(STEPS, 7), 2, packed -> step -> {
            if (step.number() % 60 == 0) { // in the middle of a round
                CompletableFuture<Void> other = holdSlots(2);
                await(held);
                hold.countDown();
                other.join();
            }
        });
    }

    @Test
    void aListenerMayRunJobsAndTheyAreCalledWhatTheCallersAre() {
        JobProperties before = JobProperties.of(context);
        JobProperties callers = new JobProperties(context, "the caller's", null);
        List<JobProperties> seen = new ArrayList<>();
        try (StepJobs counter = new StepJobs(context)) {
            callers.set();
            trainsToTheSameBits(recipe(9, 7), 2, packed -> step -> {
                seen.add(JobProperties.of(context));
                assertThat(packed.blocks().count()).isEqualTo(6);
            });
            assertThat(JobProperties.of(context)).isEqualTo(callers);
            assertThat(counter.rounds()).hasSize(9); // as each ends when it is idle
        } finally {
            before.set();
        }
        assertThat(seen).hasSize(9).containsOnly(callers);
    }

    @Test
    void aPartitionThatIsGoneIsPackedAnewAndRoundsGoOn() {
        byJobs(recipe(STEPS, 7));
        try (StepJobs counter = new StepJobs(context)) {
            trainsToTheSameBits(recipe(STEPS, 7), 3, packed -> step -> {
                if (step.number() == 10) {
                    RDDBlockId gone = new RDDBlockId(packed.blocks().rdd().id(), 1);
                    SparkEnv.get().blockManager().removeBlock(gone, true);
                }
            });
            assertThat(counter.jobs())
                    .containsExactly(counter.jobs().get(0))
                    .first()
                    .asString()
                    .startsWith("step 51 of");
            assertThat(counter.rounds()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aPartitionThatWentToDiskComesBackToMemory() {
        byJobs(recipe(STEPS, 7));
        try (StepJobs counter = new StepJobs(context)) {
            trainsToTheSameBits(recipe(STEPS, 7), 3, packed -> step -> {
                if (step.number() == 10) {
                    evict(new RDDBlockId(packed.blocks().rdd().id(), 1));
                }
            });
            assertThat(counter.jobs()).isEmpty();
        }
    }

    /** As Spark does where memory is short. */
    private static void evict(RDDBlockId id) {
        BlockManager blocks = SparkEnv.get().blockManager();
        blocks.blockInfoManager().lockForWriting(id, true).get();
        Iterator<Object> values = blocks.memoryStore().getValues(id).get();
        Object[] all = CollectionConverters.asJava(values.toSeq()).toArray();
        blocks.dropFromMemory(id, () -> new Left<>(all), ClassTag.apply(Object.class));
        blocks.blockInfoManager().unlock(id, blocks.blockInfoManager().unlock$default$2());
        assertThat(blocks.memoryStore().contains(id)).isFalse();
    }

    @Test
    void ofWhatIsOnDiskOnlyEachBlockIsReadAlone() {
        Recipe recipe = recipe(STEPS, 7);
        byJobs(recipe);
        try (StepJobs counter = new StepJobs(context)) {
            trainsToTheSameBits(recipe, 2, packed -> {
                RDD<?> blocks = packed.blocks().rdd();
                assertThat(packed.bytesOnDisk()).isZero();
                assertThat(packed.bytesInMemory()).isPositive();
                blocks.unpersist(true);
                assertThat(packed.bytesInMemory()).isZero();
                blocks.persist(StorageLevel.DISK_ONLY()).count();
                assertThat(packed.bytesOnDisk()).isPositive();
                assertThat(packed.bytesInMemory()).isZero();
                return step -> {};
            });
            assertThat(counter.jobs()).isEmpty();
        }
    }

    @Test
    void tasksThatFailWhenTheirRoundIsOverChangeNoBit() {
        byJobs(recipe(STEPS, 7));
        try (FirstAttemptsFail failing = new FirstAttemptsFail()) {
            trainsToTheSameBits(recipe(STEPS, 7), 2, packed -> step -> {});
            assertThat(failing.failures()).isGreaterThanOrEqualTo(4);
        }
    }

    /** Kills a task of each round that begins, when it has gone on for some steps. */
    private final class Killer extends SparkListener implements AutoCloseable {
        private final List<Long> tasks = new CopyOnWriteArrayList<>();

        Killer() {
            context.addSparkListener(this);
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            tasks.add(start.taskInfo().taskId());
        }

        void kill(int which) {
            StepJobs.awaitListeners(context);
            context.killTaskAttempt(tasks.get(tasks.size() - 1 - which), true, "a test");
        }

        @Override
        public void close() {
            context.removeSparkListener(this);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTaskThatIsKilledInTheMiddleOfARoundChangesNoBit(int which) {
        byJobs(recipe(4 * STEPS, 7));
        try (Killer killer = new Killer();
                StepJobs counter = new StepJobs(context)) {
            trainsToTheSameBits(recipe(4 * STEPS, 7), 2, packed -> step -> {
                if (step.number() == 20
                        || step.number() == 80) { // a round begins when a pause of less than 60 steps is over
                    killer.kill(which);
                }
            });
            assertThat(counter.rounds()).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 1 << 20})
    void ordersAndSumsMayComeInPieces(int mostBytes) {
        float[][] runs = {
            Initialisation.UNIFORM.draw(Rows.ARCHITECTURE, 1), Initialisation.HE.draw(Rows.ARCHITECTURE, 2)
        };
        try (StepJobs counter = new StepJobs(context);
                PackedRows packed = pack(recipe(1, 7), 3);
                Exchange jobs = new JobExchange(packed, Rows.ARCHITECTURE);
                Exchange rounds = new RoundExchange(packed, Rows.ARCHITECTURE, mostBytes)) {
            for (int[] batch : new int[][] {{0, 1, 2, 3, 4, 5}, {3}, {0, 5}}) {
                Order order = Order.step(batch, runs, 1, 1, "");
                isEqual(rounds.sums(order), jobs.sums(order));
                Order evaluation = Order.evaluation(batch, runs, "an evaluation");
                isEqual(rounds.sums(evaluation), jobs.sums(evaluation));
            }
            assertThat(counter.jobs()).hasSize(3); // those of the other exchange
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2_000, 100_000})
    void sumsThatAreTooLargeForTheResultsOfAJobComeOneByOneOrInSlices(long mostBytes) {
        Set<Object> before = persistent(); // what other tests have left
        float[][] runs = {
            Initialisation.UNIFORM.draw(Rows.ARCHITECTURE, 1), Initialisation.HE.draw(Rows.ARCHITECTURE, 2)
        };
        try (PackedRows packed = pack(recipe(1, 7), 3);
                Exchange jobs = new JobExchange(packed, Rows.ARCHITECTURE);
                Exchange sliced = new JobExchange(packed, Rows.ARCHITECTURE, mostBytes)) {
            for (int[] batch : new int[][] {{0, 1, 2, 3, 4, 5}, {3}}) {
                Order order = Order.step(batch, runs, 1, 1, "");
                isEqual(sliced.sums(order), jobs.sums(order));
            }
        }
        assertThat(persistent()).isSubsetOf(before);
    }

    private Set<Object> persistent() {
        return Set.copyOf(
                CollectionConverters.asJava(context.getPersistentRDDs()).keySet());
    }

    private static void isEqual(ShardSums found, ShardSums expected) {
        for (int run = 0; run < 2; run++) {
            assertThat(found.run(run).rows()).isEqualTo(expected.run(run).rows());
            assertThat(found.run(run).meanLoss()).isEqualTo(expected.run(run).meanLoss());
            assertThat(found.run(run).meanGradient())
                    .isEqualTo(expected.run(run).meanGradient());
            assertThat(found.run(run).confusion())
                    .isDeepEqualTo(expected.run(run).confusion());
        }
        assertThat(found.cost(0, 1).partitions())
                .extracting(PartitionCost::partition)
                .containsExactlyInAnyOrderElementsOf(expected.cost(0, 1).partitions().stream()
                        .map(PartitionCost::partition)
                        .toList());
    }

    /** A round's exchange has a thread of its name. */
    private static List<Thread> exchanges() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kindling-rounds-"))
                .toList();
    }

    /** Trains until what the listener does from step 20 on ends it, and makes sure that nothing is left of the exchange. */
    private void endsWithoutARest(Runnable end, Class<? extends Throwable> with) throws InterruptedException {
        List<Thread> before = exchanges();
        List<Thread> open = new ArrayList<>();
        JobProperties callers = JobProperties.of(context);
        try (PackedRows packed = pack(recipe(STEPS, 7), 2)) {
            Trainer trainer = new Trainer(packed, recipe(FAR_TOO_MANY, 7), ExchangeKind.ROUND, step -> {
                if (open.isEmpty()) {
                    open.addAll(exchanges());
                    open.removeAll(before);
                }
                if (step.number() >= 20) {
                    end.run();
                }
            });
            assertThatThrownBy(trainer::train).isInstanceOf(with);
            while (context.statusTracker().getActiveJobIds().length > 0) { // this is told a little later
                Thread.onSpinWait();
            }
            assertThat(JobProperties.of(context)).isEqualTo(callers);
            assertThat(open).hasSize(1);
            open.get(0).join();
            cancelling.join();
            assertThatThrownBy(() -> RpcUtils.makeDriverRef(
                            open.get(0).getName(),
                            SparkEnv.get().conf(),
                            SparkEnv.get().rpcEnv()))
                    .hasStackTraceContaining("Cannot find endpoint");
            // The rows are as they were.
            Trained trained = new Trainer(packed, recipe(STEPS, 7), ExchangeKind.ROUND, step -> {}).train();
            assertThat(trained.parameters()).isEqualTo(byJobs(recipe(STEPS, 7)));
        }
    }

    @Test
    void aListenerThatThrowsLeavesNoJobAndNoEndpoint() throws InterruptedException {
        endsWithoutARest(
                () -> {
                    throw new UnsupportedOperationException("thrown by the listener");
                },
                UnsupportedOperationException.class);
    }

    @Test
    void anInterruptLeavesNoJobAndNoEndpoint() throws InterruptedException {
        endsWithoutARest(() -> Thread.currentThread().interrupt(), InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** At every step, as between two rounds there is nothing to cancel. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aUserWhoCancelsTheJobOfARoundEndsTheTraining(boolean betweenSteps) throws InterruptedException {
        context.setJobGroup("a group", "", false);
        try {
            endsWithoutARest(
                    () -> {
                        if (betweenSteps) {
                            context.cancelJobGroup("a group");
                        } else {
                            cancelling = cancelling.thenRunAsync(() -> context.cancelJobGroup("a group"), THREADS);
                        }
                    },
                    SparkException.class);
        } finally {
            context.clearJobGroup();
        }
    }
}
