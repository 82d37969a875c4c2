package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on stderr, where both stdout and stderr are a terminal, with steps, elapsed time and time left, loss, accuracy and rows a second. */
final class ProgressOnTerminal implements StepListener, AutoCloseable {
    private final ProgressBar bar;
    private final Speed speed = new Speed();

    ProgressOnTerminal(int steps) {
        bar = new ProgressBarBuilder()
                .setTaskName("step")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .build();
    }

    @Override
    public void onStep(Step step) {
        speed.onStep(step);
        bar.setExtraMessage(String.format(
                Locale.ROOT,
                " loss %.3f, accuracy %.3f, %.0fk rows/s",
                step.loss(),
                step.accuracy(),
                speed.rowsPerSecond() / 1_000));
        bar.stepTo(step.number());
    }

    @Override
    public void close() {
        bar.close();
    }
}
