package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InitialisationTest {
    private static final Architecture ARCHITECTURE = Architecture.parse("784,10,10");

    @Test
    void uniformFillsTheOpenIntervalFromMinusOneToOneBiasesToo() {
        float[] p = Initialisation.UNIFORM.draw(ARCHITECTURE, 1);
        double mean = 0;
        double square = 0;
        for (float value : p) {
            assertThat(value).isBetween(-1f, 1f);
            mean += value / p.length;
            square += value * value / p.length;
        }
        assertThat(mean).isCloseTo(0, within(0.02));
        assertThat(square).isCloseTo(1 / 3.0, within(0.02));
        assertThat(Arrays.copyOfRange(p, 7_840, 7_850)).doesNotContain(0f);
    }

    @Test
    void heHasAVarianceOfTwoOverTheInputsAndNoBiases() {
        float[] p = Initialisation.HE.draw(ARCHITECTURE, 1);
        double square = 0;
        for (int k = 0; k < 7_840; k++) {
            square += p[k] * p[k] / 7_840;
        }
        assertThat(square).isCloseTo(2.0 / 784, within(2e-4));
        assertThat(Arrays.copyOfRange(p, 7_840, 7_850)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(p, 7_950, 7_960)).containsOnly(0f);
    }

    @Test
    void theSeedDecides() {
        float[] three = Initialisation.HE.draw(ARCHITECTURE, 3);
        assertThat(Initialisation.HE.draw(ARCHITECTURE, 3)).isEqualTo(three);
        assertThat(Initialisation.HE.draw(ARCHITECTURE, 3)).isNotEqualTo(Initialisation.HE.draw(ARCHITECTURE, 4));
    }
}
