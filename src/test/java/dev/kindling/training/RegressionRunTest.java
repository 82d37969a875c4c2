package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Network;
import dev.kindling.network.Output;
import dev.kindling.network.SparseRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Steps of a regression, of sums that are made here. */
class RegressionRunTest {
    private static final Architecture ARCHITECTURE = Rows.ARCHITECTURE.withOutput(Output.IDENTITY);
    private static final Recipe RECIPE = Recipes.classic(ARCHITECTURE, 10);
    private static final int ROWS = 300;
    /** Of other rows: a run of raw inputs asks only how many there are. */
    private static PackedRows data;

    @BeforeAll
    static void pack() {
        data = PackedRows.pack(Rows.random(1), Rows.ARCHITECTURE, 2, RECIPE.seed());
    }

    @AfterAll
    static void close() {
        data.close();
    }

    /** Those of golden/regression.py: in the second block they have weights. */
    private static List<Block> blocks() {
        Random random = new Random(3);
        SparseRows[] packed = {new SparseRows(20, 4), new SparseRows(20, 4)};
        for (int r = 0; r < ROWS; r++) {
            float[] row = new float[20];
            for (int k = 0; k < row.length; k++) {
                float drawn = random.nextFloat();
                row[k] = drawn < 0.9f ? 0f : drawn;
            }
            float[] targets = new float[4];
            for (int k = 0; k < targets.length; k++) {
                targets[k] = 2 * random.nextFloat() - 1;
            }
            float weight = 2 * random.nextFloat();
            packed[r / PackedRows.BLOCK_ROWS].add(0, r < PackedRows.BLOCK_ROWS ? 1f : weight, targets, row);
        }
        return List.of(new Block(packed[0]), new Block(packed[1]));
    }

    private static GradientSum sum(Run run, Pass pass, List<Block> blocks) {
        GradientSum sum = new GradientSum(ARCHITECTURE, pass, 2 * PackedRows.BLOCK_ROWS);
        Network network = new Network(ARCHITECTURE, run.parameters(), PackedRows.BLOCK_ROWS);
        float[] gradient = new float[ARCHITECTURE.parameters()];
        for (Block block : blocks) {
            network.gradient(block, gradient);
            sum.add(network, block, gradient);
        }
        return sum;
    }

    @Test
    void tenStepsAreThoseOfAnIndependentFloat64Computation() throws IOException {
        Run run = new Run(RECIPE, data);
        List<Block> blocks = blocks();
        assertThat(blocks).extracting(Block::isWeighted).containsExactly(false, true);
        for (double[] expected : GoldenRun.steps("regression.csv")) {
            run.step(sum(run, Pass.STEP, blocks));
            assertThat(run.steps()).isEqualTo((int) expected[0]);
            assertThat(run.last().loss()).isCloseTo(expected[1], within(1e-6));
            for (int l = 0; l < 2; l++) {
                assertThat(run.last().gradientNorms().get(l)).isCloseTo(expected[2 + l], within(1e-6));
            }
        }
        assertThat(run.isOver()).isTrue();
    }

    @Test
    void aRegressionHasLossesAndNoAccuracy() {
        Recipe recipe = Recipes.with(RECIPE, Recipe.OptimizerKind.GD, 0.25, new Recipe.Validation(0.3, 1, 2));
        Run run = new Run(recipe, data);
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            run.step(sum(run, Pass.STEP, blocks()));
            run.validate(sum(run, Pass.EVALUATION, blocks()));
            losses.add(run.last().validationLoss());
        }
        assertThat(losses).isSortedAccordingTo((left, right) -> Double.compare(right, left));
        assertThat(run.last().isValidated()).isTrue();
        assertThat(run.last().accuracy()).isNaN();
        assertThat(run.last().validationAccuracy()).isNaN();
        assertThat(run.confusion()).isEmpty();
        assertThat(run.result().step()).isEqualTo(3);
        assertThat(run.result().loss()).isEqualTo(losses.get(2));
        assertThat(Trainer.shown(run.last())).matches(", loss \\d\\.\\d\\d");
        Run resumed = Run.resume(recipe, data, run.checkpoint(), "place");
        assertThat(resumed.last()).isEqualTo(run.last());
        assertThat(recipe.settings()).containsEntry("output", "identity");
    }

    /** Four targets: who says 0 of each has a loss of 2. */
    @Test
    void aLossAHundredTimesThatOfGuessingIsNoRegressionThatLearns() {
        Run run = new Run(RECIPE, data);
        run.step(sum(run, 1));
        run.step(sum(run, 19));
        assertThatThrownBy(() -> run.step(sum(run, 21)))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("step 3: found a loss of 220.5, more than 100 times 2.00");
    }

    /** One row with targets of 0, of which all but the first are predicted right. */
    private static GradientSum sum(Run run, float prediction) {
        SparseRows row = new SparseRows(20, 4);
        row.add(0, 1f, new float[4], new float[20]);
        float[] parameters = new float[run.parameters().length];
        parameters[ARCHITECTURE.biases(1)] = prediction;
        Network network = new Network(ARCHITECTURE, parameters, 1);
        network.evaluate(new Block(row));
        GradientSum sum = new GradientSum(ARCHITECTURE, Pass.STEP, 1);
        sum.add(network, new Block(row), new float[parameters.length]);
        return sum;
    }
}
