package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final float[] ROW = {0.5f, 0, 1, 0.25f, -2, 0.75f};
    private static final int LABEL = 2;

    private static float[] parameters(Architecture architecture) {
        float[] parameters = Initialisation.UNIFORM.draw(architecture, 3);
        // In each layer a unit that is off and one that is on.
        for (int l = 0; l < architecture.layers(); l++) {
            parameters[architecture.biases(l)] = -4;
            parameters[architecture.biases(l) + 1] = 4;
        }
        return parameters;
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int k = 0; k < floats.length; k++) {
            doubles[k] = floats[k];
        }
        return doubles;
    }

    @ParameterizedTest
    @ValueSource(strings = {"6,4", "6,3,4", "6,5,3,4"})
    void probabilitiesLossAndGradientsAreThoseOfTheNetwork(String layers) {
        Architecture architecture = Architecture.parse(layers);
        float[] parameters = parameters(architecture);
        Trace trace = new Trace(architecture, parameters, ROW, LABEL);
        Network network = new Network(architecture, parameters, 1);
        SparseRows builder = new SparseRows(6);
        builder.add(LABEL, ROW);
        Block block = new Block(builder);
        float[] probabilities = network.predict(block);
        double[] traced = trace.activationsOf(architecture.layers() - 1);
        for (int c = 0; c < 4; c++) {
            assertThat(traced[c]).isCloseTo(probabilities[c], within(1e-5));
        }
        assertThat(trace.prediction()).isEqualTo(network.prediction(0));
        float[] gradient = new float[architecture.parameters()];
        network.gradient(block, gradient);
        assertThat(trace.loss()).isCloseTo(network.loss(), within(1e-5));
        for (int l = 0; l < architecture.layers(); l++) {
            for (int i = 0; i < architecture.inputs(l); i++) {
                for (int u = 0; u < architecture.units(l); u++) {
                    Trace.Weight weight = new Trace.Weight(l, i, u);
                    assertThat(trace.gradient(weight)).isCloseTo(gradient[weight.index(architecture)], within(1e-5));
                }
            }
            for (int u = 0; u < architecture.units(l); u++) {
                assertThat(trace.deltasOf(l)[u]).isCloseTo(gradient[architecture.biases(l) + u], within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6,4", "6,3,4", "6,5,3,4"})
    void ofARegressionOutputsLossAndGradientsAreThoseOfTheNetwork(String layers) {
        Architecture architecture = Architecture.parse(layers).withOutput(Output.IDENTITY);
        float[] parameters = parameters(architecture);
        float[] targets = {1, -2, 0.5f, 3};
        Trace trace = new Trace(architecture, parameters, ROW, targets);
        Network network = new Network(architecture, parameters, 1);
        SparseRows builder = new SparseRows(6, 4);
        builder.add(0, 1f, targets, ROW);
        Block block = new Block(builder);
        float[] outputs = network.predict(block);
        for (int u = 0; u < 4; u++) {
            assertThat(trace.activationsOf(architecture.layers() - 1)[u]).isCloseTo(outputs[u], within(1e-5));
        }
        float[] gradient = new float[architecture.parameters()];
        network.gradient(block, gradient);
        assertThat(trace.loss()).isCloseTo(network.loss(), within(1e-5));
        for (int l = 0; l < architecture.layers(); l++) {
            for (int u = 0; u < architecture.units(l); u++) {
                assertThat(trace.deltasOf(l)[u]).isCloseTo(gradient[architecture.biases(l) + u], within(1e-5));
                Trace.Weight weight = new Trace.Weight(l, 0, u);
                assertThat(trace.gradient(weight)).isCloseTo(gradient[weight.index(architecture)], within(1e-5));
            }
        }
        Trace.Weight weight = trace.steepestWeight();
        double steepest = trace.gradient(weight);
        assertThat(trace.finiteDifference(weight, 1e-5)).isCloseTo(steepest, within(Math.abs(steepest) * 1e-8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6,4", "6,3,4", "6,5,3,4"})
    void finiteDifferencesAgreeWithBackpropagationInEightDigits(String layers) {
        Architecture architecture = Architecture.parse(layers);
        Trace trace = new Trace(architecture, parameters(architecture), ROW, LABEL);
        Trace.Weight weight = trace.steepestWeight();
        double gradient = trace.gradient(weight);
        assertThat(weight.layer()).isZero();
        assertThat(gradient).isNotZero();
        assertThat(trace.finiteDifference(weight, 1e-5)).isCloseTo(gradient, within(Math.abs(gradient) * 1e-8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6,4", "6,3,4"})
    void theSteepestWeightHasTheLargestGradientOfItsLayer(String layers) {
        Architecture architecture = Architecture.parse(layers);
        float[] parameters = parameters(architecture);
        double[] gradient = new NaiveNetwork(architecture.sizes().stream()
                        .mapToInt(Integer::intValue)
                        .toArray())
                .gradient(doubles(parameters), new float[][] {ROW}, new int[] {LABEL});
        Trace.Weight weight = new Trace(architecture, parameters, ROW, LABEL).steepestWeight();
        for (int k = 0; k < architecture.biases(0); k++) {
            assertThat(Math.abs(gradient[k]))
                    .isLessThanOrEqualTo(Math.abs(gradient[weight.index(architecture)]) + 1e-8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6,4", "6,3,4", "6,5,3,4"})
    void slopesAreHowSteeplyAWeightedSumOfTheLastSumsRisesWithEachInput(String layers) {
        Architecture architecture = Architecture.parse(layers);
        float[] parameters = parameters(architecture);
        double[] factors = {1, 0, -2, 0.5};
        double[] slopes = new Trace(architecture, parameters, ROW, LABEL).slopes(factors);
        float h = 1f / 1024; // adds to the features without rounding
        for (int i = 0; i < ROW.length; i++) {
            double rise = measure(architecture, parameters, i, h, factors)
                    - measure(architecture, parameters, i, -h, factors);
            assertThat(slopes[i]).isNotZero().isCloseTo(rise / (2 * h), within(1e-9));
        }
    }

    private static double measure(
            Architecture architecture, float[] parameters, int input, float change, double... factors) {
        float[] row = ROW.clone();
        row[input] += change;
        double[] z = new Trace(architecture, parameters, row, LABEL).sumsOf(architecture.layers() - 1);
        double all = 0;
        for (int u = 0; u < z.length; u++) {
            all += factors[u] * z[u];
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void softmaxOfLargeSumsIsFiniteAndAddsUpToOne(long seed) {
        double[] z = new Random(seed).doubles(10, -2_000, 2_000).toArray();
        double sum = 0;
        for (double p : Trace.softmax(z)) {
            assertThat(p).isBetween(0.0, 1.0);
            sum += p;
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
    }
}
