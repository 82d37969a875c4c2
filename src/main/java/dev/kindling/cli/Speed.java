package dev.kindling.cli;

import dev.kindling.training.Step;
import dev.kindling.training.StepListener;

/**
 * How fast a run goes. Only the last quarter of a second counts, because the first steps of a JVM are much slower than the
 * rest.
 */
final class Speed implements StepListener {
    private static final double WINDOW_SECONDS = 0.25;

    private long since = System.nanoTime();
    private long rows;
    private int steps;
    private double rowsPerSecond;
    private double stepsPerSecond;
    private int stepsLeft;

    @Override
    public void onStep(Step step) {
        rows += step.rows();
        steps++;
        stepsLeft = step.of() - step.number();
        double seconds = (System.nanoTime() - since) / 1e9;
        if (seconds >= WINDOW_SECONDS || rowsPerSecond == 0) {
            rowsPerSecond = rows / seconds;
            stepsPerSecond = steps / seconds;
            since = System.nanoTime();
            rows = 0;
            steps = 0;
        }
    }

    double rowsPerSecond() {
        return rowsPerSecond;
    }

    double secondsLeft() {
        return stepsLeft / stepsPerSecond;
    }
}
