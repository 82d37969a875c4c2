package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    /** A network, rows and labels drawn by seed. */
    private static final class Example {
        final Architecture architecture;
        final float[] parameters;
        final double[] exact;
        final float[][] rows;
        final int[] labels;
        final float[] weights;
        final Block block;
        final NaiveNetwork twin;

        /** @param zeros the share of the features that are zero: with few of them the block is dense */
        Example(String layers, int count, double zeros) {
            this(layers, count, zeros, false);
        }

        Example(String layers, int count, double zeros, boolean isWeighted) {
            architecture = Architecture.parse(layers.replace('-', ','));
            Random random = new Random(count);
            parameters = Initialisation.UNIFORM.draw(architecture, 5);
            exact = new double[parameters.length];
            Arrays.setAll(exact, k -> parameters[k]);
            rows = new float[count][architecture.inputs()];
            labels = new int[count];
            weights = new float[count];
            Random weightRandom = new Random(-count);
            SparseRows builder = new SparseRows(architecture.inputs());
            for (int r = 0; r < count; r++) {
                for (int i = 0; i < architecture.inputs(); i++) {
                    rows[r][i] = random.nextDouble() < zeros ? 0f : random.nextFloat();
                }
                labels[r] = random.nextInt(architecture.classes());
                weights[r] = isWeighted ? weightRandom.nextInt(9) / 4f : 1f;
                builder.add(labels[r], weights[r], new float[0], rows[r]);
            }
            block = new Block(builder);
            twin = new NaiveNetwork(
                    architecture.sizes().stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5-3, 1, 0.8",
        "5-3, 2, 0",
        "5-3, 256, 0.8",
        "7-4-3, 1, 0.8",
        "7-4-3, 3, 0.8",
        "7-4-3, 255, 0.8",
        "7-4-3, 255, 0",
        "20-10-10, 64, 0.8",
        "20-10-10, 64, 0",
        "9-33-17-16, 21, 0.8",
        "9-33-17-16, 21, 0",
        "6-5-4-3, 2, 0.8",
        "6-5-4-3, 40, 0"
    })
    void theGradientOfEveryParameterIsThatOfCentralDifferences(String layers, int count, double zeros) {
        Example example = new Example(layers, count, zeros);
        float[] gradient = new float[example.parameters.length];
        new Network(example.architecture, example.parameters, count).gradient(example.block, gradient);
        double[] expected = example.twin.gradient(example.exact, example.rows, example.labels);
        for (int k = 0; k < gradient.length; k++) {
            assertThat((double) gradient[k])
                    .as("parameter %d of layer %d", k, example.architecture.layerOf(k))
                    .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"5-3, 1, 0", "7-4-3, 3, 0.8", "784-10-10, 20, 0.8", "784-10-10, 20, 0", "6-5-4-3, 257, 0.8"})
    void probabilitiesLossAndCorrectRowsAreThoseOfTheNaiveTwin(String layers, int count, double zeros) {
        Example example = new Example(layers, count, zeros);
        Network network = new Network(example.architecture, example.parameters, count);
        float[] probabilities = network.predict(example.block);
        int correct = 0;
        for (int r = 0; r < count; r++) {
            double[] expected = example.twin.predict(example.exact, example.rows[r]);
            int best = 0;
            for (int c = 0; c < expected.length; c++) {
                assertThat((double) probabilities[r * expected.length + c]).isCloseTo(expected[c], within(2e-5));
                best = expected[c] > expected[best] ? c : best;
            }
            assertThat(network.prediction(r)).isEqualTo(best);
            correct += best == example.labels[r] ? 1 : 0;
        }
        assertThat(network.correct()).isEqualTo(correct);
        double loss = example.twin.loss(example.exact, example.rows, example.labels);
        assertThat(network.loss()).isCloseTo(loss, within(1e-5 * loss));
    }

    @ParameterizedTest
    @CsvSource({"5-3, 2, 0", "7-4-3, 3, 0.8", "20-10-10, 64, 0.8", "20-10-10, 64, 0", "6-5-4-3, 257, 0.8"})
    void withWeightsLossAndGradientOfARowAreTimesItsWeight(String layers, int count, double zeros) {
        Example example = new Example(layers, count, zeros, true);
        assertThat(example.block.isWeighted()).isTrue();
        Network network = new Network(example.architecture, example.parameters, count);
        float[] gradient = new float[example.parameters.length];
        network.gradient(example.block, gradient);
        double loss = example.twin.loss(example.exact, example.rows, example.labels, example.weights);
        assertThat(network.loss()).isCloseTo(loss, within(1e-5 * loss));
        double[] expected = NaiveNetwork.gradient(
                example.exact, changed -> example.twin.loss(changed, example.rows, example.labels, example.weights));
        for (int k = 0; k < gradient.length; k++) {
            assertThat((double) gradient[k])
                    .as("parameter %d of layer %d", k, example.architecture.layerOf(k))
                    .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"7-4-3, 3, 0.8", "6-5-4-3, 40, 0"})
    void aShortBlockInScratchSpaceThatWasUsedBeforeGivesTheSameBits(String layers, int count, double zeros) {
        Example example = new Example(layers, count, zeros);
        Network used = new Network(example.architecture, example.parameters, 2 * count);
        float[] gradient = new float[example.parameters.length];
        used.gradient(new Example(layers, 2 * count, zeros).block, gradient);
        used.gradient(example.block, gradient);
        float[] fresh = new float[example.parameters.length];
        new Network(example.architecture, example.parameters, count).gradient(example.block, fresh);
        assertThat(gradient).isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource({"7-4-3, 10, 0.8", "6-5-4-3, 40, 0"})
    void aUnitIsActiveOnAsManyRowsAsItsSumIsAboveZero(String layers, int count, double zeros) {
        Example example = new Example(layers, count, zeros);
        Network network = new Network(example.architecture, example.parameters, count);
        network.gradient(example.block, new float[example.parameters.length]);
        long[] counts = new long[example.architecture.hiddenUnits()];
        network.addActive(counts);
        int units = example.architecture.units(0);
        for (int u = 0; u < units; u++) {
            int active = 0;
            for (float[] row : example.rows) {
                double z = example.exact[example.architecture.biases(0) + u];
                for (int i = 0; i < row.length; i++) {
                    z += row[i] * example.exact[i * units + u];
                }
                active += z > 0 ? 1 : 0;
            }
            assertThat(counts[u]).isEqualTo(active);
        }
    }
}
