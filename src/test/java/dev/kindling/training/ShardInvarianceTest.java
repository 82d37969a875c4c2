package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.FirstAttemptsFail;
import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ShardInvarianceTest {
    private static final Architecture ARCHITECTURE = Rows.ARCHITECTURE;

    /** What was trained on one partition already. */
    private static final Map<Recipe, Trained> ALONE = new ConcurrentHashMap<>();

    private static LabelledRows rows(int partitions) {
        LabelledRows rows = Rows.random(3);
        return new LabelledRows(rows.rows().repartition(partitions), rows.count(), rows.features(), rows.source());
    }

    private static Trained train(Recipe recipe, ExchangeKind exchange, int sourcePartitions, int partitions) {
        try (PackedRows packed = PackedRows.pack(rows(sourcePartitions), ARCHITECTURE, partitions, recipe.seed())) {
            return new Trainer(packed, recipe, exchange, step -> {}).train();
        }
    }

    private static Trained train(Recipe recipe, int sourcePartitions, int partitions) {
        return train(recipe, ExchangeKind.ROUND, sourcePartitions, partitions);
    }

    private static Trained onOnePartition(Recipe recipe) {
        return ALONE.computeIfAbsent(recipe, one -> train(one, ExchangeKind.JOB, 1, 1));
    }

    /** Six blocks: some partitions are empty, and the sums of 300 tasks go up a tree. */
    @ParameterizedTest
    @CsvSource({"2, 2", "3, 2", "7, 2", "7, 3", "64, 2", "300, 2", "300, 300"})
    void anyNumberOfPartitionsAndCoresGivesTheSameBitsInFullBatch(int partitions, int cores) {
        Recipe recipe = Recipes.classic(ARCHITECTURE, 5);
        Trained one = onOnePartition(recipe);
        SparkConf conf = SparkTest.session().sparkContext().conf();
        try {
            conf.set("spark.default.parallelism", String.valueOf(cores)); // what TaskPerCore takes for the cores
            Trained many = train(recipe, ExchangeKind.JOB, 3, partitions);
            assertThat(many.parameters()).isEqualTo(one.parameters());
            assertThat(many.loss()).isEqualTo(one.loss());
            assertThat(many.accuracy()).isEqualTo(one.accuracy());
        } finally {
            conf.remove("spark.default.parallelism");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfPartitionsGivesTheSameBitsInMiniBatches(Recipe.OptimizerKind optimizer) {
        Recipe recipe = Recipes.miniBatch(ARCHITECTURE, optimizer, 9);
        Trained one = onOnePartition(recipe);
        for (int partitions : new int[] {2, 3, 7, 64}) {
            assertThat(train(recipe, 4, partitions).parameters()).isEqualTo(one.parameters());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatFailedOnceLeavesTheBitsAsTheyWere(Recipe.OptimizerKind optimizer) {
        for (Recipe recipe : List.of(
                Recipes.miniBatch(ARCHITECTURE, optimizer, 5),
                Recipes.with(Recipes.classic(ARCHITECTURE, 3), optimizer, 0.01, Recipe.Validation.NONE))) {
            Trained undisturbed = train(recipe, 2, 2);
            try (FirstAttemptsFail failing = new FirstAttemptsFail()) {
                assertThat(train(recipe, ExchangeKind.JOB, 2, 2).parameters()).isEqualTo(undisturbed.parameters());
                assertThat(train(recipe, ExchangeKind.JOB, 2, 7).parameters()).isEqualTo(undisturbed.parameters());
                assertThat(failing.failures()).isGreaterThan(4 * recipe.iterations());
            }
        }
    }

    @Test
    void theFingerprintDependsOnTheRowsAndNotOnSeedOrPartitions() {
        try (PackedRows a = PackedRows.pack(rows(1), ARCHITECTURE, 1, 1);
                PackedRows b = PackedRows.pack(rows(5), ARCHITECTURE, 7, 2)) {
            assertThat(a.fingerprint()).isEqualTo(b.fingerprint()).hasSize(16);
        }
        LabelledRows swapped = new LabelledRows(
                rows(1).rows().selectExpr("case when id < 2 then 1 - id else id end as id", "label", "features"),
                Rows.COUNT,
                20,
                "two rows swapped");
        try (PackedRows a = PackedRows.pack(rows(1), ARCHITECTURE, 1, 1);
                PackedRows b = PackedRows.pack(swapped, ARCHITECTURE, 1, 1)) {
            assertThat(a.fingerprint()).isNotEqualTo(b.fingerprint());
        }
    }

    /** 150 rows: 120 make a block, and the 30 that are held out another one. */
    @ParameterizedTest
    @ValueSource(ints = {2, 7, 150})
    void anyNumberOfPartitionsHoldsOutTheSameRowsWhereThereAreFew(int partitions) {
        End one = trainOnFewRows(1, 1);
        trainOnFewRows(3, partitions).isThatOf(one);
        assertThat(one.trained().validationLoss()).isPositive();
    }

    private static End trainOnFewRows(int sourcePartitions, int partitions) {
        LabelledRows all = rows(sourcePartitions);
        LabelledRows few = new LabelledRows(all.rows().where("id < 150"), 150, all.features(), all.source());
        Recipe recipe = Recipes.with(
                Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.ADAM, 6),
                Recipe.OptimizerKind.ADAM,
                0.05,
                new Recipe.Validation(0.2, 2, 0));
        try (PackedRows packed = PackedRows.pack(few, ARCHITECTURE, partitions, recipe.seed(), 0.2)) {
            assertThat(packed.validationRows()).isEqualTo(30);
            assertThat(packed.trainingRows()).isEqualTo(120);
            Trainer trainer = new Trainer(packed, recipe, step -> {});
            Run run = new Run(recipe, packed);
            trainer.train(run, () -> false);
            return End.of(trainer, run);
        }
    }
}
