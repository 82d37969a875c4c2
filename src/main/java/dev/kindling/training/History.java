package dev.kindling.training;

import dev.kindling.storage.HistoryRow;
import java.util.ArrayList;
import java.util.List;

/**
 * What the steps of a run showed, in bounded memory: of long runs {@value #MOST} steps and as many evaluations at even
 * distances, the first step, and always the last one so far.
 */
final class History {
    static final int MOST = 10_000;

    private final int validateEvery;
    private final int stepsApart;
    private final int evaluationsApart;
    private final List<HistoryRow> rows = new ArrayList<>();

    History(int iterations, int validateEvery) {
        this.validateEvery = validateEvery;
        this.stepsApart = apart(iterations);
        this.evaluationsApart = apart(iterations / validateEvery);
    }

    private static int apart(int count) {
        return (count + MOST - 1) / MOST;
    }

    void add(HistoryRow row) {
        if (!rows.isEmpty() && !lasts(last())) {
            rows.remove(rows.size() - 1);
        }
        rows.add(row);
    }

    void replaceLast(HistoryRow row) {
        rows.set(rows.size() - 1, row);
    }

    HistoryRow first() {
        return rows.get(0);
    }

    HistoryRow last() {
        return rows.get(rows.size() - 1);
    }

    /** A copy. */
    List<HistoryRow> rows() {
        return List.copyOf(rows);
    }

    private boolean lasts(HistoryRow row) {
        return row.step() == 1
                || row.step() % stepsApart == 0
                || (row.isValidated() && row.step() / validateEvery % evaluationsApart == 0);
    }
}
