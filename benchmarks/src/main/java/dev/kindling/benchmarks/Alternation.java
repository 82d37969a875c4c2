package dev.kindling.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Runs contestants in turn, so that whatever else the machine does meets all of them alike. */
final class Alternation {
    private final List<Contestant> contestants = new ArrayList<>();

    /** @param run runs once and says how many seconds that took */
    Contestant add(DoubleSupplier run) {
        Contestant contestant = new Contestant(run);
        contestants.add(contestant);
        return contestant;
    }

    /** Rounds that do not count. */
    void warmUp(int rounds) {
        for (int round = 0; round < rounds; round++) {
            contestants.forEach(contestant -> contestant.run.getAsDouble());
        }
    }

    void run(int repetitions) {
        for (int repetition = 0; repetition < repetitions; repetition++) {
            contestants.forEach(contestant -> contestant.seconds.add(contestant.run.getAsDouble()));
        }
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** One of those who take turns. */
    static final class Contestant {
        private final DoubleSupplier run;
        private final List<Double> seconds = new ArrayList<>();

        private Contestant(DoubleSupplier run) {
            this.run = run;
        }

        /** Seconds. */
        double median() {
            return Alternation.median(seconds);
        }
    }
}
