package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimizerTest {
    @Test
    void gradientDescentGoesAgainstTheGradient() {
        float[] p = {1f, 2f};
        new GradientDescent().step(p, new double[] {0.5, -1}, 0, 0.1);
        assertThat(p).containsExactly(0.95f, 2.1f);
    }

    @Test
    void momentumWithoutMomentumIsGradientDescent() {
        float[] p = {1f, 2f};
        Momentum plain = new Momentum(2, 0);
        plain.step(p, new double[] {0.5, -1}, 0, 0.1);
        assertThat(p).containsExactly(0.95f, 2.1f);
    }

    @Test
    void nesterovMomentumLooksAhead() {
        float[] p = {0f};
        Momentum momentum = new Momentum(1, 0.5);
        momentum.step(p, new double[] {1}, 0, 1); // v = 1, p = -(1 + 0.5)
        assertThat(p[0]).isEqualTo(-1.5f);
        momentum.step(p, new double[] {2}, 0, 1); // v = 2.5, p = -1.5 - (2 + 1.25)
        assertThat(p[0]).isEqualTo(-4.75f);
    }

    @Test
    void adamsFirstStepIsTheRateWhateverTheGradientsSize() {
        float[] p = {0f, 0f, 0f};
        new Adam(3, 0.9, 0.999).step(p, new double[] {1e-3, -20, 0}, 0, 0.01);
        assertThat(p[0]).isCloseTo(-0.01f, within(1e-6f));
        assertThat(p[1]).isCloseTo(0.01f, within(1e-6f));
        assertThat(p[2]).isZero();
    }

    @Test
    void adamsSecondStepIsThatOfThePaper() {
        float[] p = {0f};
        Adam adam = new Adam(1, 0.5, 0.75);
        adam.step(p, new double[] {1}, 0, 1); // m / (1 - 0.5) = 1, v / (1 - 0.75) = 1
        adam.step(p, new double[] {3}, 0, 1); // m = 1.75 / 0.75, v = 2.4375 / 0.4375
        assertThat(p[0]).isCloseTo((float) (-1 - (1.75 / 0.75) / Math.sqrt(2.4375 / 0.4375)), within(1e-6f));
    }

    @Test
    void schedulesWarmUpAndThenStayOrFallAlongACosine() {
        assertThat(Schedule.CONSTANT.factor(1, 0, 100)).isEqualTo(1);
        assertThat(Schedule.CONSTANT.factor(100, 0, 100)).isEqualTo(1);
        assertThat(Schedule.COSINE.factor(1, 3, 100)).isEqualTo(0.25);
        assertThat(Schedule.COSINE.factor(3, 3, 100)).isEqualTo(0.75);
        assertThat(Schedule.COSINE.factor(4, 3, 103)).isEqualTo(1);
        assertThat(Schedule.COSINE.factor(54, 3, 103)).isCloseTo(0.5, within(1e-12));
        assertThat(Schedule.COSINE.factor(103, 3, 103)).isPositive().isLessThan(0.001);
    }
}
