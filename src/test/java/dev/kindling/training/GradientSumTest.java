package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.Initialisation;
import dev.kindling.network.Network;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientSumTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("4,3,2");

    private static Block block(Random random, int rows) {
        SparseRows builder = new SparseRows(4);
        for (int r = 0; r < rows; r++) {
            float[] row = {random.nextFloat(), random.nextFloat(), 0, random.nextFloat()};
            builder.add(random.nextInt(2), row);
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

    @Test
    void anyOrderOfAddingGivesTheSameBits() {
        Random random = new Random(1);
        List<Block> blocks = new ArrayList<>();
        for (int k = 0; k < 20; k++) {
            blocks.add(block(random, 1 + k));
        }
        double[] expected = null;
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
            assertThat(left.rows()).isEqualTo(210);
        }
    }

    /** So that it fits one array for any network there can be. */
    @Test
    void theBytesOfAStepsSumAreThoseThatANetworkIsMeasuredBy() {
        int numbers = ARCHITECTURE.parameters() + ARCHITECTURE.hiddenUnits() + Architecture.MORE_SUMS;
        assertThat(sum(block(new Random(1), 7), null).bytes()).isEqualTo((long) Long.BYTES * numbers);
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
        byte[] bytes = new byte[(int) sum.bytes() + 3];
        assertThat(sum.writeTo(bytes, 3)).isEqualTo(bytes.length);
        assertThat(to.add(bytes, 3)).isEqualTo(bytes.length);
    }
}
