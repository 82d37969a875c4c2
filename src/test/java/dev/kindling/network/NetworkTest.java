package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    /** A network, rows and labels drawn by seed; half of the features are zero. */
    private static final class Example {
        final Architecture architecture;
        final float[] parameters;
        final double[] exact;
        final float[][] rows;
        final int[] labels;
        final Block block;
        final NaiveNetwork twin;

        Example(String layers, int count) {
            architecture = Architecture.parse(layers.replace('-', ','));
            Random random = new Random(count);
            parameters = Initialisation.UNIFORM.draw(architecture, 5);
            exact = new double[parameters.length];
            Arrays.setAll(exact, k -> parameters[k]);
            rows = new float[count][architecture.inputs()];
            labels = new int[count];
            Block.Builder builder = new Block.Builder(architecture.inputs());
            for (int r = 0; r < count; r++) {
                for (int i = 0; i < architecture.inputs(); i++) {
                    rows[r][i] = random.nextBoolean() ? 0f : random.nextFloat();
                }
                labels[r] = random.nextInt(architecture.classes());
                builder.add(labels[r], rows[r]);
            }
            block = builder.build();
            twin = new NaiveNetwork(
                    architecture.sizes().stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5-3, 1",
        "5-3, 2",
        "5-3, 256",
        "7-4-3, 1",
        "7-4-3, 3",
        "7-4-3, 255",
        "20-10-10, 64",
        "6-5-4-3, 2",
        "6-5-4-3, 40"
    })
    void theGradientOfEveryParameterIsThatOfCentralDifferences(String layers, int count) {
        Example example = new Example(layers, count);
        float[] gradient = new float[example.parameters.length];
        new Network(example.architecture, count).gradient(example.parameters, example.block, gradient);
        double[] expected = example.twin.gradient(example.exact, example.rows, example.labels);
        for (int k = 0; k < gradient.length; k++) {
            assertThat((double) gradient[k])
                    .as("parameter %d of layer %d", k, example.architecture.layerOf(k))
                    .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"5-3, 1", "7-4-3, 3", "784-10-10, 20", "6-5-4-3, 257"})
    void probabilitiesLossAndCorrectRowsAreThoseOfTheNaiveTwin(String layers, int count) {
        Example example = new Example(layers, count);
        Network network = new Network(example.architecture, count);
        float[] probabilities = network.predict(example.parameters, example.block);
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
    @CsvSource({"7-4-3, 3", "6-5-4-3, 40"})
    void aShortBlockInScratchSpaceThatWasUsedBeforeGivesTheSameBits(String layers, int count) {
        Example example = new Example(layers, count);
        Network used = new Network(example.architecture, 2 * count);
        float[] gradient = new float[example.parameters.length];
        used.gradient(example.parameters, new Example(layers, 2 * count).block, gradient);
        used.gradient(example.parameters, example.block, gradient);
        float[] fresh = new float[example.parameters.length];
        new Network(example.architecture, count).gradient(example.parameters, example.block, fresh);
        assertThat(gradient).isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource({"7-4-3, 10", "6-5-4-3, 40"})
    void aUnitIsActiveOnAsManyRowsAsItsSumIsAboveZero(String layers, int count) {
        Example example = new Example(layers, count);
        Network network = new Network(example.architecture, count);
        network.gradient(example.parameters, example.block, new float[example.parameters.length]);
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
            assertThat(network.active()[u]).isEqualTo(active);
        }
    }
}
