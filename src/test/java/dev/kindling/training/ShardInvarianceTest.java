package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.SparkTest;
import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardInvarianceTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("20,6,4");
    private static final int ROWS = 1_500; // six blocks, the last one short

    private static LabelledRows rows(int sourcePartitions) {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (long id = 0; id < ROWS; id++) {
            float[] features = new float[20];
            for (int k = 0; k < features.length; k++) {
                features[k] = random.nextBoolean() ? random.nextFloat() : 0f;
            }
            rows.add(RowFactory.create(id, random.nextInt(4), features));
        }
        return new LabelledRows(
                SparkTest.session().createDataFrame(rows, LabelledRows.SCHEMA).repartition(sourcePartitions),
                ROWS,
                20,
                "random rows");
    }

    private static Trained train(Recipe recipe, int sourcePartitions, int partitions) {
        try (PackedRows packed = PackedRows.pack(rows(sourcePartitions), ARCHITECTURE, partitions, recipe.seed())) {
            return new Trainer(packed, recipe, step -> {}).train();
        }
    }

    /** Six blocks: some partitions are empty, and the sums of 300 go up a tree. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 64, 300})
    void anyNumberOfPartitionsGivesTheSameBitsInFullBatch(int partitions) {
        Recipe recipe = Recipes.classic(ARCHITECTURE, 5);
        Trained one = train(recipe, 1, 1);
        Trained many = train(recipe, 3, partitions);
        assertThat(many.parameters()).isEqualTo(one.parameters());
        assertThat(many.loss()).isEqualTo(one.loss());
        assertThat(many.accuracy()).isEqualTo(one.accuracy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GD", "MOMENTUM", "ADAM"})
    void anyNumberOfPartitionsGivesTheSameBitsInMiniBatches(String optimizer) {
        Recipe recipe = Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.valueOf(optimizer), 9);
        Trained one = train(recipe, 1, 1);
        assertThat(train(recipe, 4, 2).parameters()).isEqualTo(one.parameters());
        assertThat(train(recipe, 2, 7).parameters()).isEqualTo(one.parameters());
    }

    @Test
    void anotherSeedGivesOtherParameters() {
        Recipe recipe = Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.GD, 3);
        assertThat(train(recipe, 1, 1).parameters())
                .isNotEqualTo(train(Recipes.classic(ARCHITECTURE, 3), 1, 1).parameters());
    }

    @Test
    void theFingerprintDependsOnTheRowsAndNotOnSeedOrPartitions() {
        try (PackedRows a = PackedRows.pack(rows(1), ARCHITECTURE, 1, 1);
                PackedRows b = PackedRows.pack(rows(5), ARCHITECTURE, 7, 2)) {
            assertThat(a.fingerprint()).isEqualTo(b.fingerprint()).hasSize(16);
        }
        LabelledRows swapped = new LabelledRows(
                rows(1).rows().selectExpr("case when id < 2 then 1 - id else id end as id", "label", "features"),
                ROWS,
                20,
                "two rows swapped");
        try (PackedRows a = PackedRows.pack(rows(1), ARCHITECTURE, 1, 1);
                PackedRows b = PackedRows.pack(swapped, ARCHITECTURE, 1, 1)) {
            assertThat(a.fingerprint()).isNotEqualTo(b.fingerprint());
        }
    }
}
