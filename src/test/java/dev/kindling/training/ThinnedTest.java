package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinnedTest {
    private static final int MOST = 400;

    private static Thinned<Integer> series(int count) {
        Thinned<Integer> thinned = new Thinned<>(MOST);
        IntStream.rangeClosed(1, count).forEach(thinned::add);
        return thinned;
    }

    @Test
    void aShortSeriesIsKeptWhole() {
        assertThat(series(0).elements()).isEmpty();
        assertThat(series(MOST).elements())
                .isEqualTo(IntStream.rangeClosed(1, MOST).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 799, 800, 801, 5_000, 123_457})
    void ofALongOneEvenlySpacedElementsAreKeptAndTheFirstAndTheLast(int count) {
        Thinned<Integer> thinned = series(count);
        List<Integer> kept = thinned.elements();
        assertThat(kept).hasSizeBetween(MOST / 2, MOST + 1);
        assertThat(kept.get(0)).isEqualTo(thinned.first()).isEqualTo(1);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(thinned.last()).isEqualTo(count);
        int apart = kept.get(1);
        assertThat(Integer.bitCount(apart)).isEqualTo(1);
        for (int k = 1; k < kept.size() - 1; k++) {
            assertThat(kept.get(k)).isEqualTo(k * apart);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 400, 401, 700, 801, 5_000})
    void oneThatIsTakenUpAgainGoesOnAsIfItHadAllItsElements(int stopped) {
        Thinned<Integer> resumed = new Thinned<>(MOST);
        series(stopped).elements().forEach(element -> resumed.add(element, element));
        assertThat(resumed.elements()).isEqualTo(series(stopped).elements());
        IntStream.rangeClosed(stopped + 1, 6_000).forEach(element -> resumed.add(element, element));
        assertThat(resumed.elements()).isEqualTo(series(6_000).elements());
    }

    @Test
    void theLastElementCanBeReplaced() {
        Thinned<String> thinned = new Thinned<>(MOST);
        thinned.add(1, "a");
        thinned.add(2, "b");
        thinned.add(2, "c");
        assertThat(thinned.elements()).containsExactly("a", "c");
    }
}
