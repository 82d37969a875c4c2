package dev.kindling.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.storage.HistoryRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static History run(int steps, int validateEvery) {
        History history = new History(steps, validateEvery);
        for (int step = 1; step <= steps; step++) {
            HistoryRow row = new HistoryRow(step, 1, 1, Double.NaN, Double.NaN, 1, 1, 1, List.of(), List.of());
            history.add(row);
            if (step % validateEvery == 0) {
                history.replaceLast(row.validated(2, 0.5));
            }
        }
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
        assertThat(rows).hasSizeBetween(9_900, 11_100);
        assertThat(rows.stream().filter(HistoryRow::isValidated)).hasSize(999);
        assertThat(rows.stream().map(HistoryRow::step)).isSorted();
    }

    @Test
    void manyEvaluationsAreThinnedOutToo() {
        assertThat(run(1_000_000, 1).rows()).hasSizeLessThan(2 * History.MOST + 2);
    }
}
