package dev.kindling.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void someAreCopiedWhereverTheArraysEnd() {
        Numbers numbers =
                new Numbers(List.of(new double[] {0, 1, 2}, new double[0], new double[] {3}, new double[] {4, 5}));
        assertThat(numbers.length()).isEqualTo(6);
        for (int from = 0; from <= 6; from++) {
            for (int count = 0; count <= 6 - from; count++) {
                double[] copied = new double[count];
                numbers.copy(from, copied);
                for (int k = 0; k < count; k++) {
                    assertThat(copied[k]).isEqualTo(from + k);
                }
            }
        }
    }
}
