package dev.kindling.training;

import dev.kindling.storage.HistoryRow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the steps of a run showed, in bounded memory: up to {@value #MOST} steps and as many evaluations, {@link Thinned}. */
final class History {
    static final int MOST = 10_000;

    private final int validateEvery;
    private final Thinned<HistoryRow> steps = new Thinned<>(MOST);
    private final Thinned<HistoryRow> evaluations = new Thinned<>(MOST);

    History(int validateEvery) {
        this.validateEvery = validateEvery;
    }

    /** Adds a step, or puts the last one in its own place, now with an evaluation. */
    void add(HistoryRow row) {
        steps.add(row.step(), row);
        if (row.isValidated()) {
            evaluations.add((row.step() - 1) / validateEvery + 1, row); // the last may come before its time
        }
    }

    HistoryRow first() {
        return steps.first();
    }

    HistoryRow last() {
        return steps.last();
    }

    /** A copy, in order. */
    List<HistoryRow> rows() {
        Map<Integer, HistoryRow> rows = new TreeMap<>();
        steps.elements().forEach(row -> rows.put(row.step(), row));
        evaluations.elements().forEach(row -> rows.put(row.step(), row));
        return List.copyOf(rows.values());
    }
}
