package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.SparkTest;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.storage.Checkpoint;
import dev.kindling.storage.CheckpointStore;
import dev.kindling.storage.HistoryRow;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.Tuple2;

/** A run that was stopped and went on ends as one that ran through. */
class ResumeTest {
    private static final Architecture ARCHITECTURE = Rows.ARCHITECTURE;

    /** Labels are random, so the loss of rows held out soon grows, and patience ends the run. */
    private static final Recipe PATIENT = Recipes.with(
            Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.ADAM, 200),
            Recipe.OptimizerKind.ADAM,
            0.05,
            new Recipe.Validation(0.3, 3, 4));

    @TempDir
    private Path temporary;

    private static PackedRows pack(Recipe recipe, int partitions) {
        return PackedRows.pack(
                Rows.random(1),
                ARCHITECTURE,
                partitions,
                recipe.seed(),
                recipe.validation().validationFraction());
    }

    private static End through(Recipe recipe) {
        try (PackedRows packed = pack(recipe, 1)) {
            Trainer trainer = new Trainer(packed, recipe, step -> {});
            Run run = new Run(recipe, packed);
            trainer.train(run, () -> false);
            return End.of(trainer, run);
        }
    }

    /** Stops after step {@code stopAfter}, saves, and goes on from what was saved with other partitions. */
    private End stoppedAndResumed(Recipe recipe, int stopAfter) {
        CheckpointStore store = new CheckpointStore(SparkTest.session(), temporary.toString());
        try (PackedRows packed = pack(recipe, 2)) {
            Run run = new Run(recipe, packed);
            BooleanSupplier stop = () -> run.steps() == stopAfter;
            new Trainer(packed, recipe, step -> {}).train(run, stop);
            assertThat(run.steps()).isEqualTo(stopAfter);
            assertThat(run.isOver()).isFalse();
            store.save(run.checkpoint(), 1);
        }
        Checkpoint saved = store.newest(warning -> {}).orElseThrow();
        try (PackedRows packed = pack(recipe, 3)) {
            Run run = Run.resume(recipe, packed, saved, store.toString());
            assertThat(run.steps()).isEqualTo(stopAfter);
            Trainer trainer = new Trainer(packed, recipe, step -> {});
            trainer.train(run, () -> false);
            return End.of(trainer, run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoppedRunGoesOnToTheSameBitsInMiniBatches(Recipe.OptimizerKind optimizer) {
        Recipe recipe = Recipes.miniBatch(ARCHITECTURE, optimizer, 9);
        stoppedAndResumed(recipe, 4).isThatOf(through(recipe));
    }

    @ParameterizedTest
    @EnumSource
    void aStoppedRunGoesOnToTheSameBitsInFullBatch(Recipe.OptimizerKind optimizer) {
        Recipe recipe = Recipes.with(Recipes.classic(ARCHITECTURE, 5), optimizer, 0.01, Recipe.Validation.NONE);
        stoppedAndResumed(recipe, 1).isThatOf(through(recipe));
    }

    @Test
    void aLineSearchGoesOnWhereItWasStopped() {
        Recipe recipe = Recipes.with(
                Recipes.classic(ARCHITECTURE, 40), Recipe.OptimizerKind.LBFGS, 1, new Recipe.Validation(0.3, 5, 0));
        End through = through(recipe);
        stoppedAndResumed(recipe, 3).isThatOf(through);
        stoppedAndResumed(recipe, 33).isThatOf(through);
    }

    @Test
    void aRunThatPatienceEndsGoesOnToTheSameBits() {
        End through = through(PATIENT);
        assertThat(through.trained().taken()).isBetween(15, 150);
        assertThat(through.trained().steps()).isEqualTo(through.trained().taken() - 12);
        // In the midst of waiting: the best parameters are those of an earlier step.
        stoppedAndResumed(PATIENT, through.trained().taken() - 5).isThatOf(through);
    }

    @Test
    void patienceKeepsTheBestParametersAndNotTheLast() {
        try (PackedRows packed = pack(PATIENT, 2)) {
            Trainer trainer = new Trainer(packed, PATIENT, step -> {});
            Run run = new Run(PATIENT, packed);
            trainer.train(run, () -> false);
            Trained trained = trainer.result(run);
            List<HistoryRow> evaluations =
                    run.history().stream().filter(HistoryRow::isValidated).toList();
            assertThat(evaluations).allSatisfy(row -> assertThat(row.step() % 3).isZero());
            double smallest = evaluations.stream()
                    .mapToDouble(HistoryRow::validationLoss)
                    .min()
                    .orElseThrow();
            assertThat(trained.validationLoss()).isEqualTo(smallest);
            assertThat(evaluations.get(evaluations.size() - 5).validationLoss()).isEqualTo(smallest);
            assertThat(trained.parameters()).isNotEqualTo(run.parameters());
        }
    }

    @Test
    void validationRowsAreNotTrainedOnAndTheirShareIsRight() {
        Recipe recipe = Recipes.with(
                Recipes.classic(ARCHITECTURE, 2), Recipe.OptimizerKind.GD, 0.1, new Recipe.Validation(0.3, 1, 0));
        try (PackedRows packed = pack(recipe, 2)) {
            assertThat(packed.validationBlocks().cardinality()).isEqualTo(2);
            assertThat(packed.trainingBlocks().intersects(packed.validationBlocks()))
                    .isFalse();
            assertThat(packed.trainingBlocks().cardinality()).isEqualTo(5);
            assertThat(packed.validationRows()).isEqualTo(Rows.COUNT * 3 / 10);
            assertThat(packed.trainingRows() + packed.validationRows()).isEqualTo(Rows.COUNT);
            Run run = new Run(recipe, packed);
            new Trainer(packed, recipe, step -> {}).train(run, () -> false);
            assertThat(run.last().rows()).isEqualTo(packed.trainingRows());
        }
    }

    @Test
    void theMeanThatCentresTheInputsIsThatOfTheRowsTrainedOn() {
        Recipe recipe = Recipes.with(
                Recipes.classic(ARCHITECTURE, 2), Recipe.OptimizerKind.GD, 0.1, new Recipe.Validation(0.3, 1, 0));
        try (PackedRows packed = pack(recipe, 2)) {
            double sum = 0;
            for (Tuple2<Integer, Block> numbered : packed.blocks().collect()) {
                float[] sums = new float[ARCHITECTURE.inputs()];
                numbered._2.sumFeatures(sums);
                sum += packed.validationBlocks().get(numbered._1) ? 0 : sums[0];
            }
            assertThat(packed.featureMean()[0]).isCloseTo(sum / packed.trainingRows(), within(1e-9));
        }
    }

    @Test
    void aCheckpointOfAnotherRecipeOrOtherDataIsRefusedAndSaysWhatDiffers() {
        Recipe recipe = Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.ADAM, 9);
        try (PackedRows packed = pack(recipe, 2);
                PackedRows other = PackedRows.pack(Rows.random(2), ARCHITECTURE, 2, recipe.seed())) {
            Run run = new Run(recipe, packed);
            new Trainer(packed, recipe, step -> {}).train(run, () -> run.steps() == 1);
            Checkpoint checkpoint = run.checkpoint();
            Recipe longer = Recipes.miniBatch(ARCHITECTURE, Recipe.OptimizerKind.ADAM, 10);
            assertThatThrownBy(() -> Run.resume(longer, packed, checkpoint, "place"))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("place: found a checkpoint of another recipe")
                    .hasMessageContaining("iterations 9 there, 10 here");
            Recipe wider = Recipes.miniBatch(Architecture.parse("20,7,4"), Recipe.OptimizerKind.ADAM, 9);
            assertThatThrownBy(() -> Run.resume(wider, packed, checkpoint, "place"))
                    .hasMessageContaining("layers 20,6,4 there, 20,7,4 here");
            assertThatThrownBy(() -> Run.resume(recipe, other, checkpoint, "place"))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining(packed.fingerprint())
                    .hasMessageContaining(other.fingerprint());
        }
    }
}
