package dev.kindling.benchmarks;

import java.util.function.IntConsumer;

/** Work on two threads, without Spark. */
final class TwoThreads {
    private TwoThreads() {}

    /**
     * How many seconds two threads take together.
     *
     * @param half does the work of thread 0 or 1
     */
    static double seconds(IntConsumer half) {
        long start = System.nanoTime();
        Thread other = new Thread(() -> half.accept(1));
        other.start();
        half.accept(0);
        try {
            other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
