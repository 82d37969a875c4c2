package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindling.error.KindlingException;
import org.junit.jupiter.api.Test;

class StandardisationTest {
    @Test
    void aRowBecomesDistancesFromTheMeanInDeviations() {
        Standardisation standardisation = new Standardisation(new double[] {2, 0, -1e9}, new double[] {4, 0.5, 100});
        float[] row = new float[3];
        standardisation.apply(new double[] {10, -3, -1e9 + 50}, row);
        assertThat(row).containsExactly(2, -6, 0.5f);
        assertThat(standardisation.inputs()).isEqualTo(3);
        assertThat(standardisation.of(1, 0)).isZero();
    }

    /** A float has 24 bits, and a second of this century is the 31st. */
    @Test
    void theDifferenceIsTakenBeforeItIsAFloat() {
        Standardisation time = new Standardisation(new double[] {1.7e9}, new double[] {10});
        assertThat(time.of(0, 1.7e9 + 1)).isEqualTo(0.1f);
    }

    @Test
    void whatCannotBeAScaleIsRefused() {
        for (double[][] wrong : new double[][][] {
            {{0, 0}, {1}}, {{Double.NaN}, {1}}, {{0}, {Double.POSITIVE_INFINITY}}, {{0}, {-1e-300}}
        }) {
            assertThatThrownBy(() -> new Standardisation(wrong[0], wrong[1]))
                    .isInstanceOf(KindlingException.class)
                    .hasMessageContaining("expected");
        }
    }

    @Test
    void whatNeverChangesIsZero() {
        Standardisation constant = new Standardisation(new double[] {5}, new double[] {0});
        assertThat(constant.of(0, 5)).isZero();
        assertThat(constant.of(0, 1e300)).isZero();
    }
}
