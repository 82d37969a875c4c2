package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CentringTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("5,4,3");
    private static final double[] MEAN = {0.5, 0, 0.25, 1, 0.125};

    private static Block block(boolean centred) {
        Random random = new Random(1);
        SparseRows builder = new SparseRows(5);
        for (int r = 0; r < 20; r++) {
            float[] row = new float[5];
            for (int i = 0; i < 5; i++) {
                row[i] = random.nextFloat() - (float) (centred ? MEAN[i] : 0);
            }
            builder.add(random.nextInt(3), row);
        }
        return new Block(builder);
    }

    @Test
    void rawRowsWithShiftedBiasesGiveWhatCentredRowsGive() {
        float[] parameters = Initialisation.UNIFORM.draw(ARCHITECTURE, 2);
        Network network = new Network(ARCHITECTURE, parameters, 20);
        float[] expected = new float[parameters.length];
        network.gradient(block(true), expected);
        double loss = network.loss();

        Centring centring = new Centring(ARCHITECTURE, MEAN);
        float[] raw = new float[parameters.length];
        network = new Network(ARCHITECTURE, centring.parametersForRawInputs(parameters), 20);
        network.gradient(block(false), raw);
        assertThat(network.loss()).isCloseTo(loss, within(1e-4));
        double[] gradient = new double[raw.length];
        for (int k = 0; k < raw.length; k++) {
            gradient[k] = raw[k];
        }
        centring.centreGradient(gradient);
        for (int k = 0; k < raw.length; k++) {
            assertThat(gradient[k]).isCloseTo(expected[k], within(1e-4));
        }
    }

    @Test
    void parametersForRawInputsAreThoseForCentredOnesAgain() {
        float[] raw = Initialisation.UNIFORM.draw(ARCHITECTURE, 3);
        Centring centring = new Centring(ARCHITECTURE, MEAN);
        float[] centred = centring.parametersForCentredInputs(raw);
        assertThat(centred).isNotEqualTo(raw);
        float[] again = centring.parametersForRawInputs(centred);
        for (int k = 0; k < raw.length; k++) {
            assertThat(again[k]).isCloseTo(raw[k], within(1e-6f));
        }
    }

    @Test
    void aMeanOfZeroChangesNothing() {
        float[] parameters = Initialisation.UNIFORM.draw(ARCHITECTURE, 2);
        Centring centring = new Centring(ARCHITECTURE, new double[5]);
        assertThat(centring.parametersForRawInputs(parameters)).isEqualTo(parameters);
    }
}
