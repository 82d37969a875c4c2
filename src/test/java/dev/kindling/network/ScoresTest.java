package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Logits come from a network without hidden units: its biases, as every feature is zero. */
class ScoresTest {
    private static final double LOGIT_SUM = Math.exp(1) + Math.exp(2) + Math.exp(3);

    @Test
    void probabilitiesSumToOneAndTheLossIsTheLogOfTheLabels() {
        Network network = network(1f, 2f, 3f);
        float[] p = network.predict(block(1, 2));
        assertThat(p[0]).isCloseTo((float) (Math.exp(1) / LOGIT_SUM), within(1e-6f));
        assertThat(p[0] + p[1] + p[2]).isCloseTo(1f, within(1e-6f));
        assertThat(network.loss()).isCloseTo(-Math.log(Math.exp(3) / LOGIT_SUM), within(1e-6));
        assertThat(network.correct()).isEqualTo(1);
    }

    @Test
    void theLossOfManyRowsIsTheSumOfTheirs() {
        Network network = network(1f, 2f, 3f);
        network.predict(block(1, 0));
        double one = network.loss();
        for (int rows : new int[] {2, 59, 60, 61, 120, 256}) {
            network.predict(block(rows, 0));
            assertThat(network.loss()).isCloseTo(rows * one, within(1e-9 * rows));
        }
    }

    @Test
    void theLogsOfTheLargestSumsDoNotOverflowTogether() {
        int classes = Architecture.MAX_SIZE;
        Network network = new Network(new Architecture(Arrays.asList(1, classes)), new float[2 * classes], 128);
        network.predict(block(128, 0));
        assertThat(network.loss()).isCloseTo(128 * Math.log(classes), within(1e-3));
    }

    @Test
    void logitsFarApartGiveAFiniteLoss() {
        Network network = network(-5_000f, 5_000f);
        float[] p = network.predict(block(1, 0));
        assertThat(network.loss()).isEqualTo(10_000);
        assertThat(p[0]).isLessThan(2e-38f);
        assertThat(p[1]).isEqualTo(1f);
    }

    @Test
    void aLogitThatIsNotFiniteShowsInTheLoss() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Network network = network(bad, 1f);
            network.predict(block(3, 0));
            assertThat(network.loss())
                    .satisfies(loss -> assertThat(Double.isFinite(loss)).isFalse());
        }
    }

    private static Network network(float... biases) {
        float[] parameters = new float[2 * biases.length];
        System.arraycopy(biases, 0, parameters, biases.length, biases.length);
        return new Network(new Architecture(Arrays.asList(1, biases.length)), parameters, 256);
    }

    private static Block block(int rows, int label) {
        SparseRows builder = new SparseRows(1);
        for (int row = 0; row < rows; row++) {
            builder.add(label, new float[1]);
        }
        return new Block(builder);
    }
}
