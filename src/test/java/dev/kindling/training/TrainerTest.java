package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class TrainerTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("2,4,2");

    /** 600 points on a plane, of class 1 right of the diagonal. */
    private static LabelledRows points() {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < 600; id++) {
            float x = id % 25 / 25f;
            float y = (id - id % 25) / 600f;
            rows.add(RowFactory.create((long) id, x > y ? 1 : 0, new float[] {x, y}));
        }
        return new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA), rows.size(), 2, "points");
    }

    private static Recipe recipe(int iterations) {
        return Recipe.builder()
                .layers(ARCHITECTURE)
                .learningRate(0.1)
                .warmup(0)
                .iterations(iterations)
                .batchSize(256)
                .beta1(0.9)
                .weightDecay(0)
                .seed(3)
                .build();
    }

    @Test
    void listenersHearEveryStepAndTheLossFalls() {
        List<Step> steps = new ArrayList<>();
        Trained trained;
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            trained = new Trainer(packed, recipe(40), steps::add).train();
        }
        assertThat(steps).hasSize(40);
        assertThat(steps.get(0).number()).isEqualTo(1);
        assertThat(steps.get(39).number()).isEqualTo(40);
        assertThat(steps.get(0).rows()).isBetween(88L, 256L);
        assertThat(steps.get(0).loss()).isGreaterThan(0.4);
        assertThat(trained.loss()).isLessThan(0.2);
        assertThat(trained.accuracy()).isGreaterThan(0.9);
        assertThat(trained.steps()).isEqualTo(40);
        assertThat(trained.deadUnits())
                .singleElement()
                .satisfies(dead -> assertThat(dead).isBetween(0, 3));
    }

    @Test
    void aStepSaysWhereItsTimeWent() {
        List<Step> steps = new ArrayList<>();
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 3, 3)) {
            new Trainer(packed, recipe(3), steps::add).train();
        }
        for (Step step : steps) {
            StepCost cost = step.cost();
            assertThat(cost.partitions().stream().mapToLong(PartitionCost::rows).sum())
                    .isEqualTo(step.rows());
            assertThat(cost.partitions())
                    .allSatisfy(shard -> assertThat(shard.seconds()).isPositive());
            assertThat(cost.gradientSeconds()).isPositive();
            assertThat(cost.messageSeconds()).isPositive();
            assertThat(cost.driverSeconds()).isPositive();
            assertThat(cost.waitingSeconds()).isBetween(0.0, cost.gradientSeconds());
            assertThat(cost.validationSeconds()).isZero();
        }
    }

    @Test
    void anEvaluationCountsWhichClassWasTakenForWhich() {
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            float[] parameters = new float[ARCHITECTURE.parameters()];
            parameters[ARCHITECTURE.biases(1) + 1] = 1; // whatever the point, class 1
            GradientSum evaluation = sums(packed, Pass.EVALUATION, parameters);
            GradientSum step = sums(packed, Pass.STEP, parameters);
            assertThat(evaluation.confusion()).isDeepEqualTo(new long[][] {{0, 300}, {0, 300}});
            assertThat(evaluation.accuracy()).isEqualTo(0.5);
            assertThat(evaluation.meanLoss()).isEqualTo(step.meanLoss());
            assertThat(evaluation.accuracy()).isEqualTo(step.accuracy());
            assertThat(step.confusion()).isEmpty();
        }
    }

    @Test
    void everyJobSaysItsStepAndItsStageShowsRowsAndLoss() throws InterruptedException {
        Jobs jobs = Jobs.of(ExchangeKind.JOB, 3);
        assertThat(jobs.descriptions).hasSize(3);
        assertThat(jobs.descriptions.get(0)).isEqualTo("step 1 of 2");
        assertThat(jobs.descriptions.get(1)).matches("step 2 of 2, loss \\d\\.\\d\\d, accuracy \\d\\.\\d\\d");
        assertThat(jobs.descriptions.get(2)).isEqualTo("loss and accuracy over the training set after step 2");
        assertThat(jobs.accumulators).containsEntry("rows", 600L);
        assertThat((double) jobs.accumulators.get("loss, summed over the rows") / 600)
                .isBetween(0.1, 2.0);
    }

    @Test
    void everyRoundSaysItsStepsAndItsStageShowsRowsAndLoss() throws InterruptedException {
        Jobs jobs = Jobs.of(ExchangeKind.ROUND, 2);
        assertThat(jobs.descriptions)
                .containsExactly("steps 1 to 2 of 2", "loss and accuracy over the training set after step 2");
        assertThat(jobs.accumulators).containsEntry("rows", 600L);
        assertThat((double) jobs.accumulators.get("loss, summed over the rows") / 600)
                .isBetween(0.1, 2.0);
    }

    /** The Spark jobs of a training of two steps, and the accumulators of the last. */
    private static final class Jobs extends SparkListener {
        private final List<String> descriptions = new CopyOnWriteArrayList<>();
        private final Map<String, Object> accumulators = new ConcurrentHashMap<>();
        private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        private final CountDownLatch ended;

        private Jobs(int count) {
            ended = new CountDownLatch(count);
        }

        /** @param count how many there are to be */
        static Jobs of(ExchangeKind exchange, int count) throws InterruptedException {
            Jobs jobs = new Jobs(count);
            SparkContext context = SparkTest.session().sparkContext();
            try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
                context.addSparkListener(jobs);
                new Trainer(packed, recipe(2), exchange, step -> {}).train();
                jobs.ended.await();
            } finally {
                context.removeSparkListener(jobs);
            }
            return jobs;
        }

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            numbers.add(job.jobId());
            descriptions.add(String.valueOf(job.properties().get("spark.job.description")));
        }

        @Override
        public void onStageCompleted(SparkListenerStageCompleted stage) {
            CollectionConverters.asJava(stage.stageInfo().accumulables())
                    .values()
                    .forEach(a -> accumulators.put(
                            a.name().getOrElse(() -> ""), a.value().getOrElse(() -> "")));
        }

        @Override
        public void onJobEnd(SparkListenerJobEnd job) {
            if (numbers.contains(job.jobId())) { // not the end of one that began before
                ended.countDown();
            }
        }
    }

    @Test
    void theCallersJobsAreCalledAsBeforeWhetherTrainingEndsOrFails() {
        SparkContext context = SparkTest.session().sparkContext();
        JobProperties before = JobProperties.of(context);
        JobProperties callers = new JobProperties(context, "the caller's", "the caller's mark");
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            callers.set();
            Trainer trainer = new Trainer(packed, recipe(2), step -> {});
            trainer.train();
            assertThat(JobProperties.of(context)).isEqualTo(callers);
            assertThatThrownBy(() -> sums(packed, Pass.STEP, new float[1])).isInstanceOf(SparkException.class);
            assertThat(JobProperties.of(context)).isEqualTo(callers);
            before.set();
            trainer.train();
            assertThat(JobProperties.of(context)).isEqualTo(before);
        } finally {
            before.set();
        }
    }

    @Test
    void weightDecayShrinksTheFirstLayerAndNothingElseWhereTheGradientIsZero() {
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < 10; id++) {
            rows.add(RowFactory.create(id, 0, new float[] {0, 0}));
        }
        LabelledRows zeros =
                new LabelledRows(SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA), 10, 2, "zeros");
        Recipe recipe = Recipe.builder()
                .layers(ARCHITECTURE)
                .inputs(Recipe.Inputs.RAW)
                .optimizer(Recipe.OptimizerKind.GD)
                .learningRate(0.5)
                .schedule(Schedule.CONSTANT)
                .warmup(0)
                .iterations(2)
                .batchSize(Recipe.FULL_BATCH)
                .weightDecay(0.2)
                .seed(3)
                .build();
        float[] start = Initialisation.HE.draw(ARCHITECTURE, 3);
        try (PackedRows packed = PackedRows.pack(zeros, ARCHITECTURE, 1, 3)) {
            float[] end = new Trainer(packed, recipe, step -> {}).train().parameters();
            for (int k = 0; k < ARCHITECTURE.biases(0); k++) {
                assertThat(end[k]).isCloseTo(0.81f * start[k], within(1e-6f));
            }
            for (int k = ARCHITECTURE.weights(1); k < ARCHITECTURE.biases(1); k++) {
                assertThat(end[k]).isEqualTo(start[k]);
            }
        }
    }

    @Test
    void deadUnitsAreCounted() {
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            float[] parameters = new float[ARCHITECTURE.parameters()];
            parameters[ARCHITECTURE.biases(0) + 1] = 1; // one unit is always on, three are at zero
            for (Pass pass : Pass.values()) {
                assertThat(sums(packed, pass, parameters).active()).containsExactly(0, 600, 0, 0);
            }
        }
    }

    /** Over all rows. */
    private static GradientSum sums(PackedRows packed, Pass pass, float[] parameters) {
        int[] all = packed.trainingBlocks().stream().toArray();
        try (Exchange exchange = ExchangeKind.DEFAULT.open(packed, ARCHITECTURE)) {
            return exchange.sums(new Order(pass, all, new float[][] {parameters}, 1, 1, ""))
                    .run(0);
        }
    }
}
