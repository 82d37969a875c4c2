package dev.kindling.cli;

import dev.kindling.evaluation.ShardSum;
import dev.kindling.network.Architecture;
import dev.kindling.network.Trace;
import dev.kindling.plot.ExplanationPicture;
import dev.kindling.storage.Model;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One example's way through a network, and what becomes of one weight. {@link ExplanationText} tells it in numbers, and {@link
 * ExplanationDrawing} as a picture.
 *
 * @param subject the example
 * @param trace of the example
 * @param weight the one weight that is looked at closely
 * @param shards the sums of the weight's gradient over each shard; empty until they are known
 */
record Explanation(Model model, Subject subject, Trace trace, Trace.Weight weight, List<ShardSum> shards) {
    static final int MOST_SHARDS = 16;

    /** Half the distance of the central difference. */
    static final double H = 1e-5;

    /** Of a subject, with the weight of the largest gradient. */
    static Explanation of(Model model, Subject subject) {
        Trace trace = subject.trace();
        return new Explanation(model, subject, trace, trace.steepestWeight(), List.of());
    }

    Explanation withShards(List<ShardSum> sums) {
        return new Explanation(model, subject, trace, weight, sums);
    }

    Architecture architecture() {
        return model.architecture();
    }

    /** The number of the last layer. */
    int last() {
        return architecture().layers() - 1;
    }

    /** What came out, beside what is true. */
    Outcome outcome() {
        return subject.outcome();
    }

    /** How a unit is called. */
    String unit(int l, int u) {
        return l == last() ? outcome().name(u) : String.valueOf(u);
    }

    /** The unit of a layer that stands out: that of the label, or that of the weight; -1 if there is neither. */
    int marked(int l) {
        if (l == last() && outcome().marked() >= 0) {
            return outcome().marked();
        }
        return l == weight.layer() ? weight.unit() : -1;
    }

    /**
     * The units that say the most, by number: those with the largest activations, and of the last layer those of which the outcome says
     * so. The one that stands out is always among them.
     */
    int[] shown(int l) {
        int always = marked(l);
        double[] sizes = l == last() ? outcome().sizes() : trace.activationsOf(l);
        return IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(u -> u == always ? Double.NEGATIVE_INFINITY : -sizes[u]))
                .limit(ExplanationPicture.MOST_BARS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /**
     * The learning rate of the model's training, so that the step has its true size; 0.1 if the model does not name it.
     */
    double rate() {
        return Double.parseDouble(model.provenance().recipe().getOrDefault("learning-rate", "0.1"));
    }

    /** The weight itself. */
    double value() {
        return model.parameters()[weight.index(architecture())];
    }

    /** What a step of plain gradient descent makes of it. */
    double stepped() {
        return value() - rate() * ShardSum.total(shards).mean();
    }

    String weightName() {
        String from = weight.layer() == 0 ? subject.names().input(weight.input()) : "unit " + weight.input();
        String to = weight.layer() == last() ? outcome().unit(weight.unit()) : "unit " + weight.unit();
        return "layer " + (weight.layer() + 1) + ", from " + from + " to " + to;
    }

    /** What the weight is multiplied by. */
    String inputKind() {
        return weight.layer() == 0 ? "input" : "unit";
    }
}
