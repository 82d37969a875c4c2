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
        final float[][] targets;
        final Block block;
        final NaiveNetwork twin;

        /** @param zeros the share of the features that are zero: with few of them the block is dense */
        Example(String layers, int count, double zeros) {
            this(layers, Output.SOFTMAX, count, zeros, false);
        }

        Example(String layers, Output output, int count, double zeros, boolean isWeighted) {
            architecture = Architecture.parse(layers.replace('-', ',')).withOutput(output);
            Random random = new Random(count);
            parameters = Initialisation.UNIFORM.draw(architecture, 5);
            exact = new double[parameters.length];
            Arrays.setAll(exact, k -> parameters[k]);
            rows = new float[count][architecture.inputs()];
            labels = new int[count];
            weights = new float[count];
            targets = new float[count][architecture.targets()];
            Random others = new Random(-count);
            SparseRows builder = new SparseRows(architecture.inputs(), architecture.targets());
            for (int r = 0; r < count; r++) {
                for (int i = 0; i < architecture.inputs(); i++) {
                    rows[r][i] = random.nextDouble() < zeros ? 0f : random.nextFloat();
                }
                labels[r] = random.nextInt(architecture.outputs());
                weights[r] = isWeighted ? others.nextInt(9) / 4f : 1f;
                for (int k = 0; k < targets[r].length; k++) {
                    targets[r][k] = (float) others.nextGaussian();
                }
                builder.add(labels[r], weights[r], targets[r], rows[r]);
            }
            block = new Block(builder);
            twin = new NaiveNetwork(
                    architecture.sizes().stream().mapToInt(Integer::intValue).toArray());
        }

        double loss(double[] changed) {
            return architecture.output() == Output.SOFTMAX
                    ? twin.loss(changed, rows, labels, weights)
                    : twin.squaredError(changed, rows, targets, weights);
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
    @CsvSource({
        "SOFTMAX, true, 5-3, 2, 0",
        "SOFTMAX, true, 7-4-3, 3, 0.8",
        "SOFTMAX, true, 20-10-10, 64, 0.8",
        "SOFTMAX, true, 20-10-10, 64, 0",
        "SOFTMAX, true, 6-5-4-3, 257, 0.8",
        "IDENTITY, false, 5-1, 1, 0",
        "IDENTITY, false, 5-3, 2, 0.8",
        "IDENTITY, false, 7-4-1, 256, 0.8",
        "IDENTITY, false, 20-10-17, 64, 0",
        "IDENTITY, false, 6-5-4-3, 257, 0.8",
        "IDENTITY, true, 5-1, 3, 0.8",
        "IDENTITY, true, 20-10-10, 64, 0",
        "IDENTITY, true, 6-5-4-3, 255, 0.8"
    })
    void lossAndGradientAreThoseOfTheNaiveTwinForAnyOutputWithAndWithoutWeights(
            Output output, boolean isWeighted, String layers, int count, double zeros) {
        Example example = new Example(layers, output, count, zeros, isWeighted);
        assertThat(example.block.isWeighted()).isEqualTo(isWeighted);
        Network network = new Network(example.architecture, example.parameters, count);
        float[] gradient = new float[example.parameters.length];
        network.gradient(example.block, gradient);
        double loss = example.loss(example.exact);
        assertThat(network.loss()).isCloseTo(loss, within(1e-5 * loss));
        double[] expected = NaiveNetwork.gradient(example.exact, example::loss);
        for (int k = 0; k < gradient.length; k++) {
            assertThat((double) gradient[k])
                    .as("parameter %d of layer %d", k, example.architecture.layerOf(k))
                    .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"5-3, 1, 0", "7-4-1, 3, 0.8", "6-5-4-17, 257, 0.8"})
    void aRegressionPredictsTheLastSumsAndHasNoClasses(String layers, int count, double zeros) {
        Example example = new Example(layers, Output.IDENTITY, count, zeros, false);
        Network network = new Network(example.architecture, example.parameters, count);
        float[] predictions = network.predict(example.block);
        int outputs = example.architecture.outputs();
        assertThat(predictions).hasSize(count * outputs);
        for (int k = 0; k < predictions.length; k++) {
            double expected = example.twin.sums(example.exact, example.rows[k / outputs])[k % outputs];
            assertThat((double) predictions[k]).isCloseTo(expected, within(2e-5));
        }
        assertThat(network.correct()).isZero();
        assertThat(network.prediction(count - 1)).isZero();
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
