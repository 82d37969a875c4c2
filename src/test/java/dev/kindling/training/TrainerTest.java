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
import java.util.BitSet;
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
            assertThat(cost.sparkSeconds()).isPositive();
            assertThat(cost.driverSeconds()).isPositive();
            assertThat(cost.validationSeconds()).isZero();
        }
    }

    @Test
    void anEvaluationCountsWhichClassWasTakenForWhich() {
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            float[] parameters = new float[ARCHITECTURE.parameters()];
            parameters[ARCHITECTURE.biases(1) + 1] = 1; // whatever the point, class 1
            BitSet all = packed.trainingBlocks();
            Trainer trainer = new Trainer(packed, recipe(1), step -> {});
            GradientSum evaluation = trainer.sums(new float[][] {parameters}, Pass.EVALUATION, all, "evaluation")
                    .run(0);
            GradientSum step = trainer.sums(new float[][] {parameters}, Pass.STEP, all, "step")
                    .run(0);
            assertThat(evaluation.confusion()).isDeepEqualTo(new long[][] {{0, 300}, {0, 300}});
            assertThat(evaluation.accuracy()).isEqualTo(0.5);
            assertThat(evaluation.meanLoss()).isEqualTo(step.meanLoss());
            assertThat(evaluation.accuracy()).isEqualTo(step.accuracy());
            assertThat(step.confusion()).isEmpty();
        }
    }

    @Test
    void everyJobSaysItsStepAndItsStageShowsRowsAndLoss() throws InterruptedException {
        List<String> descriptions = new CopyOnWriteArrayList<>();
        Map<String, Object> accumulators = new ConcurrentHashMap<>();
        Set<Integer> jobs = ConcurrentHashMap.newKeySet();
        CountDownLatch ended = new CountDownLatch(3);
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                jobs.add(job.jobId());
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
                if (jobs.contains(job.jobId())) { // not the end of one that began before
                    ended.countDown();
                }
            }
        };
        List<Step> steps = new ArrayList<>();
        try (PackedRows packed = PackedRows.pack(points(), ARCHITECTURE, 2, 3)) {
            SparkTest.session().sparkContext().addSparkListener(listener);
            new Trainer(packed, recipe(2), steps::add).train();
            ended.await();
        } finally {
            SparkTest.session().sparkContext().removeSparkListener(listener);
        }
        assertThat(descriptions).hasSize(3);
        assertThat(descriptions.get(0)).isEqualTo("step 1 of 2");
        assertThat(descriptions.get(1)).matches("step 2 of 2, loss \\d\\.\\d\\d, accuracy \\d\\.\\d\\d");
        assertThat(accumulators).containsEntry("rows", 600L).containsKey("loss, summed over the rows");
        assertThat((double) accumulators.get("loss, summed over the rows") / 600)
                .isBetween(0.1, 2.0);
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
            float[][] tooFew = {new float[1]};
            assertThatThrownBy(() -> trainer.sums(tooFew, Pass.STEP, packed.trainingBlocks(), "fails"))
                    .isInstanceOf(SparkException.class);
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
            Trainer trainer = new Trainer(packed, recipe(1), step -> {});
            float[] parameters = new float[ARCHITECTURE.parameters()];
            parameters[ARCHITECTURE.biases(0) + 1] = 1; // one unit is always on, three are at zero
            BitSet all = new BitSet();
            all.set(0, packed.blockCount());
            for (Pass pass : Pass.values()) {
                ShardSums sums = trainer.sums(new float[][] {parameters}, pass, all, "dead units");
                assertThat(sums.run(0).active()).containsExactly(0, 600, 0, 0);
            }
        }
    }
}
