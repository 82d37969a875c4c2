package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoftmaxTest {
    @Test
    void expIsRightToTenDigitsWhereverAFloatCouldShowIt() {
        for (double x = -100; x <= 0; x += 0.000_7) {
            assertThat(Softmax.exp(x) / StrictMath.exp(x)).isCloseTo(1, within(2e-10));
        }
        assertThat(Softmax.exp(0)).isEqualTo(1);
        assertThat(Softmax.exp(-1e9)).isZero();
        assertThat(Softmax.exp(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(Softmax.exp(Double.NaN)).isNaN();
    }

    @Test
    void probabilitiesSumToOneAndTheLossIsTheLogOfTheLabels() {
        float[] z = {9, 1f, 2f, 3f, 9};
        double loss = Softmax.normalise(z, 1, 3, 2);
        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
        assertThat(z[1]).isCloseTo((float) (Math.exp(1) / sum), within(1e-6f));
        assertThat(z[1] + z[2] + z[3]).isCloseTo(1f, within(1e-6f));
        assertThat(loss).isCloseTo(-Math.log(Math.exp(3) / sum), within(1e-9));
        assertThat(z).startsWith(9f).endsWith(9f);
    }

    @Test
    void logitsFarApartGiveAFiniteLoss() {
        float[] z = {-5_000f, 5_000f};
        assertThat(Softmax.normalise(z, 0, 2, 0)).isEqualTo(10_000);
        assertThat(z).containsExactly(0f, 1f);
    }

    @Test
    void aLogitThatIsNotFiniteShowsInTheLoss() {
        assertThat(Softmax.normalise(new float[] {Float.NaN, 1}, 0, 2, 1)).isNaN();
        assertThat(Softmax.normalise(new float[] {Float.POSITIVE_INFINITY, 1}, 0, 2, 1))
                .isNaN();
    }
}
