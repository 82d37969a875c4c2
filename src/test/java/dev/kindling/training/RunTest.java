package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.network.SparseRows;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers that go wrong, in the step where they do. */
class RunTest {
    private static final Recipe RECIPE = Recipes.classic(Rows.ARCHITECTURE, 5);
    private static PackedRows data;

    @BeforeAll
    static void pack() {
        data = PackedRows.pack(Rows.random(1), Rows.ARCHITECTURE, 2, RECIPE.seed());
    }

    @AfterAll
    static void close() {
        data.close();
    }

    /** A sum of {@code rows} equal rows, with a gradient made up. */
    private static GradientSum sum(float[] parameters, int rows, float gradient) {
        SparseRows builder = new SparseRows(20);
        for (int row = 0; row < rows; row++) {
            builder.add(1, new float[20]);
        }
        Block block = new Block(builder);
        Network network = new Network(Rows.ARCHITECTURE, parameters, rows);
        float[] flat = new float[Rows.ARCHITECTURE.parameters()];
        network.gradient(block, flat);
        Arrays.fill(flat, Rows.ARCHITECTURE.weights(1), flat.length, gradient);
        GradientSum sum = new GradientSum(Rows.ARCHITECTURE, Pass.STEP, 2_000);
        sum.add(network, block, flat);
        return sum;
    }

    /** Parameters of which only the bias of class 0 is not zero: rows of class 1 have a loss near it. */
    private static float[] parameters(float bias) {
        float[] parameters = new float[Rows.ARCHITECTURE.parameters()];
        parameters[Rows.ARCHITECTURE.biases(1)] = bias;
        return parameters;
    }

    @Test
    void aLossThatGrewAHundredfoldIsReportedWithStepAndLayer() {
        Run run = new Run(RECIPE, data);
        run.step(sum(parameters(3), 10, 0.01f));
        run.step(sum(parameters(200), 10, 0.01f)); // 65 times the loss of the start is a fluctuation
        assertThatThrownBy(() -> run.step(sum(parameters(400), 10, 0.5f)))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("step 3: found a loss of 400.0, more than 100 times 3.")
                .hasMessageContaining("layer 2")
                .hasMessageContaining("try a smaller learningRate (now 0.25)");
        assertThat(run.steps()).isEqualTo(2);
    }

    @Test
    void aRunBeginsWithTheParametersOfAModel() {
        float[] start = Initialisation.UNIFORM.draw(Rows.ARCHITECTURE, 9);
        Recipe centred = RECIPE.toBuilder().inputs(Recipe.Inputs.CENTRED).build();
        Run run = Run.from(centred, data, start);
        assertThat(Arrays.stream(data.featureMean()).map(Math::abs).max().orElse(0))
                .isGreaterThan(0.1);
        for (int k = 0; k < start.length; k++) {
            assertThat(run.parameters()[k]).isCloseTo(start[k], within(1e-5f));
        }
        assertThat(run.steps()).isZero();
    }

    @Test
    void aLossThatStartsLargeIsNoDivergence() {
        Run run = new Run(RECIPE, data);
        run.step(sum(parameters(5_000), 10, 0.01f));
        assertThat(run.last().loss()).isEqualTo(5_000);
    }

    @Test
    void parametersThatBecomeInfiniteAreReportedInTheStepThatMadeThemSo() {
        Recipe reckless = Recipes.with(RECIPE, Recipe.OptimizerKind.GD, 1e38, Recipe.Validation.NONE);
        Run run = new Run(reckless, data);
        assertThatThrownBy(() -> run.step(sum(parameters(1), 10, 1_000f)))
                .isInstanceOf(KindlingException.class)
                .hasMessageStartingWith("step 1: a parameter of layer 2 became -Infinity");
    }

    @Test
    void unitsAreDeadFromTheStepOnWhereTheyWereZeroOnAsManyRowsAsTheTrainingSetHas() {
        Run run = new Run(RECIPE, data);
        float[] allZero = parameters(1);
        float[] fiveOn = parameters(1);
        Arrays.fill(fiveOn, Rows.ARCHITECTURE.biases(0), Rows.ARCHITECTURE.biases(0) + 5, 1f);
        run.step(sum(allZero, 1_000, 0.01f));
        assertThat(run.last().deadUnits()).containsExactly(0);
        run.step(sum(fiveOn, 499, 0.01f));
        assertThat(run.last().deadUnits()).containsExactly(0);
        run.step(sum(allZero, 1, 0.01f));
        assertThat(run.last().deadUnits()).containsExactly(1);
        run.step(sum(allZero, 1_499, 0.01f));
        assertThat(run.last().deadUnits()).containsExactly(6);
    }

    @Test
    void theHistoryHasRateRowsAndGradientOfEachLayer() {
        Run run = new Run(RECIPE, data);
        run.step(sum(parameters(1), 10, 10f));
        assertThat(run.history()).singleElement().satisfies(row -> {
            assertThat(row.step()).isEqualTo(1);
            assertThat(row.learningRate()).isEqualTo(0.25);
            assertThat(row.rows()).isEqualTo(10);
            assertThat(row.seconds()).isPositive();
            assertThat(row.isValidated()).isFalse();
            // 28 parameters of layer 2, each with a mean gradient of 1.
            assertThat(row.gradientNorms()).isEqualTo(List.of(0.0, Math.sqrt(28)));
        });
    }
}
