package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;

/** Shows how training goes: a bar on a terminal, lines elsewhere, nothing with {@code --quiet}. */
final class Progress implements StepListener, AutoCloseable {
    /** Or null. */
    private final ProgressOnTerminal bar;

    private final StepListener shown;

    /**
     * @param start the steps taken already
     * @param steps the steps of the whole run
     * @param runs how many are trained side by side
     */
    Progress(boolean quiet, int start, int steps, int runs) {
        bar = quiet || !Sessions.isTerminal() ? null : new ProgressOnTerminal(start, steps);
        shown = bar != null ? bar : quiet ? step -> {} : new ProgressLines(System.out, runs);
    }

    @Override
    public void onStep(Step step) {
        shown.onStep(step);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
