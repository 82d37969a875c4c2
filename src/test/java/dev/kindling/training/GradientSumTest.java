package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.network.Output;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientSumTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("4,3,2");

    private static Block block(Random random, int rows) {
        return block(random, row -> 1f, row -> 1, rows);
    }

    /** Rows with weights, each so many times. */
    private static Block block(Random random, ToDoubleFunction<Integer> weight, IntUnaryOperator times, int rows) {
        SparseRows builder = new SparseRows(4);
        for (int r = 0; r < rows; r++) {
            float[] row = {random.nextFloat(), random.nextFloat(), 0, random.nextFloat()};
            int label = random.nextInt(2);
            for (int time = 0; time < times.applyAsInt(r); time++) {
                builder.add(label, (float) weight.applyAsDouble(r), new float[0], row);
            }
        }
        return new Block(builder);
    }

    private static GradientSum sum(Block block, float[] blockGradient) {
        Network network = new Network(ARCHITECTURE, Initialisation.UNIFORM.draw(ARCHITECTURE, 1), block.rows());
        float[] gradient = new float[ARCHITECTURE.parameters()];
        network.gradient(block, gradient);
        GradientSum sum = new GradientSum(ARCHITECTURE, Pass.STEP, 1_000);
        sum.add(network, block, blockGradient == null ? gradient : blockGradient);
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyOrderOfAddingGivesTheSameBits(boolean isWeighted) {
        Random random = new Random(1);
        List<Block> blocks = new ArrayList<>();
        for (int k = 0; k < 20; k++) {
            blocks.add(block(random, row -> isWeighted ? 0.1 + row / 7.0 : 1, row -> 1, 1 + k));
        }
        double[] expected = null;
        double loss = Double.NaN;
        for (int trial = 0; trial < 20; trial++) {
            Collections.shuffle(blocks, random);
            GradientSum left = new GradientSum(ARCHITECTURE, Pass.STEP, 1_000);
            GradientSum right = new GradientSum(ARCHITECTURE, Pass.STEP, 1_000);
            blocks.subList(0, trial).forEach(block -> add(left, sum(block, null)));
            blocks.subList(trial, 20).forEach(block -> add(right, sum(block, null)));
            left.add(right);
            double[] mean = left.meanGradient();
            assertThat(mean).isEqualTo(expected == null ? mean : expected);
            expected = mean;
            assertThat(left.meanLoss()).isEqualTo(trial == 0 ? left.meanLoss() : loss);
            loss = left.meanLoss();
            assertThat(left.rows()).isEqualTo(210);
        }
    }

    /** So that it fits one array for any network there can be. */
    @Test
    void theBytesOfAStepsSumAreThoseThatANetworkIsMeasuredBy() {
        int numbers = ARCHITECTURE.parameters() + ARCHITECTURE.hiddenUnits() + Architecture.MORE_SUMS;
        GradientSum sum = sum(block(new Random(1), 7), null);
        assertThat((long) Long.BYTES * sum.gradientLength() + sum.bytesOfCounts())
                .isEqualTo((long) Long.BYTES * numbers);
    }

    @Test
    void withoutWeightsAMeanIsDividedByTheNumberOfRows() {
        GradientSum sum = sum(block(new Random(4), 7), null);
        assertThat(sum.meanLoss()).isEqualTo(sum.totalLoss() / 7);
    }

    @Test
    void aWeightIsAsGoodAsSoManyCopies() {
        GradientSum weighted = sum(block(new Random(5), row -> row % 4, row -> 1, 30), null);
        GradientSum copies = sum(block(new Random(5), row -> 1, row -> row % 4, 30), null);
        assertThat(weighted.rows()).isEqualTo(30);
        assertThat(copies.rows()).isEqualTo(43);
        isClose(weighted, copies);
    }

    @Test
    void aRowOfWeightZeroIsAsIfItWereNotThere() {
        GradientSum zeros = sum(block(new Random(6), row -> row % 3 == 0 ? 1 : 0, row -> 1, 30), null);
        GradientSum without = sum(block(new Random(6), row -> 1, row -> row % 3 == 0 ? 1 : 0, 30), null);
        assertThat(zeros.meanGradient()).isEqualTo(without.meanGradient());
        isClose(zeros, without);
    }

    @Test
    void theSizeOfAllWeightsTogetherDoesNotMatter() {
        GradientSum small = sum(block(new Random(7), row -> 0.1 + row, row -> 1, 30), null);
        GradientSum large = sum(block(new Random(7), row -> 100 * (0.1 + row), row -> 1, 30), null);
        isClose(large, small);
    }

    private static void isClose(GradientSum sum, GradientSum expected) {
        double[] mean = expected.meanGradient();
        for (int k = 0; k < mean.length; k++) {
            assertThat(sum.meanGradient()[k]).isCloseTo(mean[k], within(1e-7));
        }
        assertThat(sum.meanLoss()).isCloseTo(expected.meanLoss(), within(1e-7));
    }

    @Test
    void aStepWithoutAnyWeightIsRefusedAndABlockWithoutAnyIsNot() {
        GradientSum none = sum(block(new Random(8), row -> 0, row -> 1, 9), null);
        assertThatThrownBy(() -> none.check("step 12", 0.5))
                .isInstanceOf(KindlingException.class)
                .hasMessage("step 12: found weights that add up to 0 over its 9 rows, expected more: there is"
                        + " nothing to learn from or to measure");
        GradientSum some = sum(block(new Random(9), 7), null);
        double loss = some.meanLoss();
        some.add(none);
        some.check("step 12", 0.5);
        assertThat(some.meanLoss()).isEqualTo(loss);
        assertThat(some.rows()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(doubles = {65_536, Double.POSITIVE_INFINITY, Double.NaN})
    void weightsPastTheRangeAreRefused(double weight) {
        GradientSum sum = sum(block(new Random(8), row -> weight, row -> 1, 9), null);
        assertThatThrownBy(() -> sum.check("step 12", 0.5))
                .isInstanceOf(KindlingException.class)
                .hasMessageContaining("step 12: found rows whose mean weight is not below 65536");
    }

    @Test
    void aRegressionHasNoAccuracyAndNoConfusion() {
        Architecture regression = ARCHITECTURE.withOutput(Output.IDENTITY);
        SparseRows builder = new SparseRows(4, 2);
        builder.add(0, 1f, new float[] {1, 2}, new float[4]);
        builder.add(0, 3f, new float[] {-2, 4}, new float[4]);
        Block block = new Block(builder);
        Network network = new Network(regression, new float[regression.parameters()], 2);
        network.evaluate(block);
        GradientSum sum = new GradientSum(regression, Pass.EVALUATION, 1_000);
        sum.add(network, block, new float[0]);
        GradientSum received = new GradientSum(regression, Pass.EVALUATION, 1_000);
        add(received, sum);
        assertThat(received.meanLoss()).isEqualTo((1 * 5 / 2.0 + 3 * 20 / 2.0) / 4);
        assertThat(received.accuracy()).isNaN();
        assertThat(received.confusion()).isEmpty();
        assertThat(received.rows()).isEqualTo(2);
    }

    @Test
    void aShortBlockWeighsWhatItsRowsWeigh() {
        Random random = new Random(2);
        Block all = block(random, 7);
        random = new Random(2);
        GradientSum parts = sum(block(random, 5), null);
        add(parts, sum(block(random, 2), null));
        double[] mean = sum(all, null).meanGradient();
        for (int k = 0; k < mean.length; k++) {
            assertThat(parts.meanGradient()[k]).isCloseTo(mean[k], within(1e-6));
        }
        assertThat(parts.meanLoss()).isCloseTo(sum(all, null).meanLoss(), within(1e-6));
        assertThat(parts.accuracy()).isEqualTo(sum(all, null).accuracy());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 7 * 65_536f, -1e30f})
    void aGradientPastTheRangeIsReportedWithStepAndLayerHoweverSumsAreAdded(float value) {
        float[] gradient = new float[ARCHITECTURE.parameters()];
        gradient[ARCHITECTURE.weights(1)] = value;
        Block block = block(new Random(3), 7);
        GradientSum good = sum(block, null);
        add(good, sum(block, gradient));
        GradientSum bad = sum(block, gradient);
        add(bad, sum(block, null));
        for (GradientSum sum : List.of(good, bad)) {
            assertThatThrownBy(() -> sum.check("step 12", 0.5))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("step 12")
                    .hasMessageContaining("layer 2")
                    .hasMessageContaining("try a smaller learningRate (now 0.5)");
        }
    }

    @Test
    void theLargestGradientInRangeKeepsItsSignAndSize() {
        float[] gradient = new float[ARCHITECTURE.parameters()];
        gradient[0] = -999 * 65_535f;
        Block block = block(new Random(3), 999);
        GradientSum sum = sum(block, gradient);
        sum.check("step 1", 1);
        assertThat(sum.meanGradient()[0]).isCloseTo(-65_535.0, within(0.01));
    }

    /** Adds the sum as it travels. */
    private static void add(GradientSum to, GradientSum sum) {
        int numbers = sum.gradientLength();
        byte[] bytes = new byte[3 + numbers * Long.BYTES + (int) sum.bytesOfCounts()];
        int end = sum.writeGradient(bytes, 3);
        assertThat(sum.writeCounts(bytes, end)).isEqualTo(bytes.length);
        to.addGradient(bytes, 3, 0, numbers / 3);
        to.addGradient(bytes, 3 + numbers / 3 * Long.BYTES, numbers / 3, numbers - numbers / 3);
        assertThat(to.addCounts(bytes, end)).isEqualTo(bytes.length);
    }
}
