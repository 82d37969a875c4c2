package dev.kindling.training;

/** Hears of each step, on the driver, right after it. The trainer knows no listener by name. */
@FunctionalInterface
public interface StepListener {
    /** Called once a step, in order; training waits for it. */
    void onStep(Step step);
}
