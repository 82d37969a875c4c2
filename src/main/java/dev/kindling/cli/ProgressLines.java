package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints a line after the first step and after each tenth of the run, where there is no terminal. */
final class ProgressLines implements StepListener {
    private static final int LINES = 10;

    private final PrintStream out;
    private final int runs;
    private final Speed speed = new Speed();
    private String validation = "";
    private boolean isFirst = true;
    private List<Integer> dead = List.of();

    /**
     * @param runs how many are trained side by side; with more than one, the lines are about the best of them, and none
     *     is about dead units
     */
    ProgressLines(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    @Override
    public void onStep(Step step) {
        speed.onStep(step);
        if (step.shown().isValidated()) {
            validation = String.format(
                    Locale.ROOT,
                    ", validation %.4f%s",
                    step.shown().validationLoss(),
                    Double.isNaN(step.shown().validationAccuracy())
                            ? ""
                            : String.format(Locale.ROOT, ", %.4f", step.shown().validationAccuracy()));
        }
        boolean nextTenth = (long) step.number() * LINES / step.of() > (step.number() - 1L) * LINES / step.of();
        if (isFirst || nextTenth) {
            out.printf(
                    Locale.ROOT,
                    "step %d of %d%s, loss %.4f%s%s%s%n",
                    step.number(),
                    step.of(),
                    runs == 1 ? "" : ", best of " + runs,
                    step.loss(),
                    Accuracy.share(step.accuracy()),
                    validation,
                    isFirst ? "" : pace());
            isFirst = false;
        }
        if (runs == 1) {
            sayWhatDied(step);
        }
    }

    /** Not after the first step of a JVM, which takes as long as hundreds of later ones. */
    private String pace() {
        return String.format(Locale.ROOT, ", %,.0f rows/s, %.0f s left", speed.rowsPerSecond(), speed.secondsLeft());
    }

    private void sayWhatDied(Step step) {
        List<Integer> now = step.shown().deadUnits();
        for (int l = 0; l < now.size(); l++) {
            if (now.get(l) > (dead.isEmpty() ? 0 : dead.get(l))) {
                out.printf(
                        "step %d: %d units of hidden layer %d are dead: never above zero over as many successive"
                                + " rows as the training set has%n",
                        step.number(), now.get(l), l + 1);
            }
        }
        dead = now;
    }
}
