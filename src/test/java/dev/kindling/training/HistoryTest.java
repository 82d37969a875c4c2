package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.storage.HistoryRow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
    private static void go(History history, int from, int to, int validateEvery) {
        for (int step = from; step <= to; step++) {
            HistoryRow row = new HistoryRow(step, 1, 1, Double.NaN, Double.NaN, 1, 1, 1, List.of(), List.of());
            history.add(row);
            if (step % validateEvery == 0) {
                history.add(row.validated(2, 0.5));
            }
        }
    }

    private static History run(int steps, int validateEvery) {
        History history = new History(validateEvery);
        go(history, 1, steps, validateEvery);
        return history;
    }

    @Test
    void aShortRunKeepsEveryStep() {
        assertThat(run(History.MOST, 7).rows()).hasSize(History.MOST);
    }

    @Test
    void aLongRunKeepsTheFirstTheLastStepsInBetweenAndItsEvaluations() {
        List<HistoryRow> rows = run(1_000_003, 1_001).rows();
        assertThat(rows.get(0).step()).isEqualTo(1);
        assertThat(rows.get(rows.size() - 1).step()).isEqualTo(1_000_003);
        assertThat(rows).hasSizeBetween(1_000_000 / 128 + 900, 1_000_000 / 128 + 1_001);
        assertThat(rows.stream().filter(HistoryRow::isValidated)).hasSize(999);
        assertThat(rows.stream().map(HistoryRow::step)).isSorted();
    }

    @Test
    void manyEvaluationsAreThinnedOutToo() {
        assertThat(run(1_000_000, 1).rows()).hasSizeLessThan(2 * History.MOST + 2);
    }

    /** Thinning that is the same whenever the run was stopped: before, at and after steps from which less is kept. */
    @ParameterizedTest
    @CsvSource({"9999, 1", "10000, 3", "10001, 7", "20001, 1", "33333, 3", "49999, 7"})
    void aResumedRunEndsWithTheSameHistory(int stopped, int validateEvery) {
        History resumed = new History(validateEvery);
        run(stopped, validateEvery).rows().forEach(resumed::add);
        go(resumed, stopped + 1, 50_000, validateEvery);
        assertThat(resumed.rows()).isEqualTo(run(50_000, validateEvery).rows());
    }
}
