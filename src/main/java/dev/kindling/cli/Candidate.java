package dev.kindling.cli;

import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.HistoryRow;
import dev.kindling.training.Recipe;
import dev.kindling.training.Run;
import java.util.Comparator;
import java.util.List;

/** One of the recipes that {@code tune} compares, and how its run went. */
final class Candidate {
    /**
     * Best first: by accuracy on the held-out rows, then by loss on them. Only for candidates that were not dropped.
     */
    static final Comparator<Candidate> BY_RANK = Comparator.comparing(
            Candidate::result,
            Comparator.comparingDouble(HistoryRow::validationAccuracy)
                    .reversed()
                    .thenComparingDouble(HistoryRow::validationLoss));

    private final String name;
    private final Recipe recipe;
    private Run run;
    /** Or null. */
    private String whyDropped;

    /** @param name what tells it from the others, such as "rate 0.1 seed 2"; has no commas */
    Candidate(String name, Recipe recipe) {
        this.name = name;
        this.recipe = recipe;
    }

    /** Its run, before the first step. */
    Run begin(PackedRows packed) {
        run = new Run(recipe, packed);
        return run;
    }

    /** Takes note that its run diverged. */
    void drop(KindlingException why) {
        whyDropped = Main.message(why);
    }

    String name() {
        return name;
    }

    Recipe recipe() {
        return recipe;
    }

    Run run() {
        return run;
    }

    boolean isDropped() {
        return whyDropped != null;
    }

    String whyDropped() {
        return whyDropped;
    }

    /** The evaluations of the held-out rows during training. */
    List<HistoryRow> evaluations() {
        return run.history().stream().filter(HistoryRow::isValidated).toList();
    }

    /** The evaluation of the final parameters: the last ones, or with patience the best. */
    HistoryRow result() {
        int end = run.result().step();
        List<HistoryRow> seen =
                evaluations().stream().filter(row -> row.step() <= end).toList();
        return seen.get(seen.size() - 1);
    }
}
