package dev.kindling.benchmarks;

import java.util.List;

/** Row 13: a hundred times the rows. */
final class Growth {
    private Growth() {}

    static List<Row> rows(Bench bench) {
        return List.of(Row.notRun("13", "6,000,000 rows against 60,000", "train has no --repeat yet"));
    }
}
