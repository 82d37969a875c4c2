package dev.kindling.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
    @Test
    void anyOrderAndGroupingGivesTheSameBitsWhereFloatsWouldNot() {
        Random random = new Random(1);
        List<Float> values = new ArrayList<>();
        for (int k = 0; k < 1_000; k++) {
            values.add((float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3)));
        }
        double[] expected = null;
        boolean floatsDiffer = false;
        float floats = 0;
        for (int trial = 0; trial < 20; trial++) {
            ExactSum left = new ExactSum(1, 1_000);
            ExactSum right = new ExactSum(1, 1_000);
            float sum = 0;
            for (int k = 0; k < values.size(); k++) {
                sum += values.get(k);
                assertThat((k < 50 * trial ? left : right).add(new float[] {values.get(k)}, 1))
                        .isEqualTo(-1);
            }
            left.add(right);
            assertThat(left.mean(1_000)).isEqualTo(expected == null ? left.mean(1_000) : expected);
            expected = left.mean(1_000);
            floatsDiffer |= trial > 0 && sum != floats;
            floats = sum;
            Collections.shuffle(values, random);
        }
        assertThat(floatsDiffer).isTrue();
        double plain = values.stream().mapToDouble(Float::doubleValue).sum() / 1_000;
        assertThat(expected[0]).isCloseTo(plain, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3 * 65_536f, -1e30f})
    void aSumOutOfRangeIsNamedByItsIndex(float value) {
        assertThat(new ExactSum(3, 100).add(new float[] {1, value, value}, 3)).isEqualTo(1);
    }

    /** Cut off towards zero, each block of either sign would lose half a unit on average. */
    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void roundingLeavesNoBias(int sign) {
        Random random = new Random(1);
        int blocks = 10_000;
        for (int length : new int[] {1, 48}) { // one by one, and in vectors
            ExactSum sum = new ExactSum(length, blocks);
            double exact = 0;
            for (int k = 0; k < blocks; k++) {
                float value = sign * (1 + random.nextFloat()) * 0x1p-28f; // with bits behind the unit, 2^-32
                exact += value;
                float[] values = new float[length];
                Arrays.fill(values, value);
                sum.add(values, 1);
            }
            double off = (sum.mean(blocks)[0] * blocks - exact) / 0x1p-32;
            assertThat(off).isBetween(-200.0, 200.0); // units; the standard deviation is 29
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 255, 256, 257, 60_000, 6_000_000})
    void theLargestMeanOverAllRowsStaysInRange(long rows) {
        for (int length : new int[] {1, 140_000}) { // added one by one, and from the second time on in vectors
            ExactSum sum = new ExactSum(length, rows);
            float[] values = new float[length];
            for (long left = rows; left > 0; left -= 1_000) {
                int block = (int) Math.min(left, 1_000);
                Arrays.fill(values, -65_535f * block);
                assertThat(sum.add(values, block)).isEqualTo(-1);
            }
            assertThat(sum.mean((double) rows)[length - 1]).isCloseTo(-65_535, within(0.01));
        }
    }
}
