package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on stderr, where both stdout and stderr are a terminal, with steps, elapsed time and time left, loss, accuracy and rows a second. */
final class ProgressOnTerminal implements StepListener, AutoCloseable {
    private final ProgressBar bar;
    private final Speed speed = new Speed();
    private String validation = "";

    /**
     * @param start the steps taken already
     * @param steps the steps of the whole run
     */
    ProgressOnTerminal(int start, int steps) {
        bar = new ProgressBarBuilder()
                .setTaskName("step")
                .setInitialMax(steps)
                .startsFrom(start, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .build();
    }

    @Override
    public void onStep(Step step) {
        speed.onStep(step);
        if (step.shown().isValidated()) {
            double accuracy = step.shown().validationAccuracy();
            validation = String.format(
                    Locale.ROOT,
                    ", validation %.3f",
                    Double.isNaN(accuracy) ? step.shown().validationLoss() : accuracy);
        }
        int dead = step.shown().deadUnits().stream().mapToInt(Integer::intValue).sum();
        bar.setExtraMessage(String.format(
                Locale.ROOT,
                " loss %.3f%s%s%s, %.0fk rows/s",
                step.loss(),
                Double.isNaN(step.accuracy()) ? "" : String.format(Locale.ROOT, ", accuracy %.3f", step.accuracy()),
                validation,
                dead == 0 ? "" : ", " + dead + " dead units",
                speed.rowsPerSecond() / 1_000));
        bar.stepTo(step.number());
    }

    @Override
    public void close() {
        bar.close();
    }
}
