package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import java.io.PrintStream;
import java.util.Locale;

/** A line for the first step and for each tenth of the run, where no person looks on. */
final class ProgressLines implements StepListener {
    private static final int LINES = 10;

    private final PrintStream out;
    private final Speed speed = new Speed();

    ProgressLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void onStep(Step step) {
        speed.onStep(step);
        boolean nextTenth = (long) step.number() * LINES / step.of() > (step.number() - 1L) * LINES / step.of();
        if (step.number() == 1 || nextTenth) {
            out.printf(
                    Locale.ROOT,
                    "step %d of %d, loss %.4f, accuracy %.4f, %,.0f rows/s, %.0f s left%n",
                    step.number(),
                    step.of(),
                    step.loss(),
                    step.accuracy(),
                    speed.rowsPerSecond(),
                    speed.secondsLeft());
        }
    }
}
