package dev.kindling.storage;

import dev.kindling.network.Architecture;
import dev.kindling.network.Standardisation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What goes into a model and what comes out of it, in a caller's own columns and values. A model without one takes pixels, or
 * other numbers that are ready for the network, and its classes are numbers from 0.
 *
 * @param inputs what goes in
 * @param labels what the classes stand for; empty where numbers are predicted
 * @param targets the numbers that are predicted; empty where there are classes
 */
public record Signature(Inputs inputs, Optional<Labels> labels, Optional<Targets> targets) {
    /** What the column is called that has all features of a row, where nothing else is said. */
    public static final String FEATURES = "features";

    /**
     * What a model without one takes, as columns give it.
     *
     * @param form how columns give pixels
     * @param columns their names, as {@link Inputs} has them
     * @param white the number that is 1 for the network: 1 or 255
     */
    public static Signature ofImages(Architecture architecture, FeatureForm form, List<String> columns, double white) {
        double[] deviation = new double[architecture.inputs()];
        Arrays.fill(deviation, white);
        List<String> classes = IntStream.range(0, architecture.outputs())
                .mapToObj(String::valueOf)
                .toList();
        return new Signature(
                new Inputs(form, columns, new Standardisation(new double[architecture.inputs()], deviation)),
                Optional.of(new Labels("label", "INT", classes)),
                Optional.empty());
    }
}
