package dev.kindling.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinnedTest {
    private static List<Integer> kept(int count) {
        Thinned<Integer> thinned = new Thinned<>();
        IntStream.rangeClosed(1, count).forEach(thinned::add);
        return thinned.elements();
    }

    @Test
    void aShortSeriesIsKeptWhole() {
        assertThat(kept(0)).isEmpty();
        assertThat(kept(Thinned.MOST - 1))
                .isEqualTo(IntStream.range(1, Thinned.MOST).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 799, 800, 5_000, 123_457})
    void ofALongOneEvenlySpacedElementsAreKeptAndTheLast(int count) {
        List<Integer> kept = kept(count);
        assertThat(kept).hasSizeBetween(Thinned.MOST / 2, Thinned.MOST);
        assertThat(kept.get(0)).isEqualTo(1);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(count);
        int apart = kept.get(1) - 1;
        for (int k = 1; k < kept.size() - 1; k++) {
            assertThat(kept.get(k) - kept.get(k - 1)).isEqualTo(apart);
        }
    }
}
