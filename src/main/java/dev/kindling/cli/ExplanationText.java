package dev.kindling.cli;

import dev.kindling.evaluation.ShardSum;
import dev.kindling.network.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Prints an {@link Explanation} as numbers. */
record ExplanationText(Explanation explanation) {
    /** The numbers of the one example. */
    void printExample() {
        Trace trace = explanation.trace();
        Outcome outcome = explanation.outcome();
        Subject subject = explanation.subject();
        int last = explanation.last();
        print("model of layers %s; %s, %s", explanation.architecture(), subject.name(), outcome.truth());
        subject.values().ifPresent(values -> new Contributions(subject).print(values));
        for (int l = 0; l < last; l++) {
            print("%nlayer %d, hidden: z = x W + b, a = max(z, 0), delta = dloss/dz", l + 1);
            printUnits("unit", "a", l, trace.activationsOf(l));
        }
        print("%nlayer %d, output: %s", last + 1, outcome.formulas());
        printUnits(
                outcome.kind(),
                outcome.beside().letter(),
                last,
                outcome.beside().values());
        print("");
        outcome.lines().forEach(line -> print("%s", line));
        Trace.Weight weight = explanation.weight();
        print("%none weight: %s, now %.8f", explanation.weightName(), explanation.value());
        print(
                "  gradient by backpropagation      %+.10e = %s %.6f times delta %+.6e",
                trace.gradient(weight),
                explanation.inputKind(),
                trace.inputOf(weight),
                trace.deltasOf(weight.layer())[weight.unit()]);
        print(
                "  gradient by finite differences   %+.10e = (loss(w + h) - loss(w - h)) / 2h, h = %.0e",
                trace.finiteDifference(weight, Explanation.H), Explanation.H);
    }

    /** How the shards' sums make the mean that moves the weight. */
    void printShards() {
        List<ShardSum> shards = explanation.shards();
        ShardSum total = ShardSum.total(shards);
        print(
                "%nthe gradient of the same weight, summed over each shard of the training set%n  shard      rows       sum");
        for (int k = 0; k < shards.size(); k++) {
            print("  %5d  %,8d  %+.8f", k, shards.get(k).rows(), shards.get(k).sum());
        }
        print("  total  %,8d  %+.8f", total.rows(), total.sum());
        print("  mean = total / rows = %+.10e", total.mean());
        print(
                "  a step of plain gradient descent at rate %s: %.8f - %s times the mean = %.8f",
                explanation.rate(), explanation.value(), explanation.rate(), explanation.stepped());
    }

    private void printUnits(String kind, String letter, int l, double... beside) {
        Trace trace = explanation.trace();
        int[] shown = explanation.shown(l);
        NameColumn names = NameColumn.of(
                Stream.concat(Stream.of(kind), Arrays.stream(shown).mapToObj(u -> explanation.unit(l, u))));
        print("  %s  %12s  %12s  %13s", names.of(kind), "z", letter, "delta");
        for (int u : shown) {
            print(
                    "  %s  %12.6f  %12.6f  %+13.6e",
                    names.of(explanation.unit(l, u)), trace.sumsOf(l)[u], beside[u], trace.deltasOf(l)[u]);
        }
        int more = explanation.architecture().units(l) - shown.length;
        if (more > 0) {
            String largest =
                    l < explanation.last() ? "a" : explanation.outcome().largest();
            print("  and %d more; those above have the largest %s", more, largest);
        }
    }

    private static void print(String pattern, Object... values) {
        System.out.printf(Locale.ROOT, pattern + "%n", values);
    }
}
