package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a model as an ONNX graph, with all that is done before and after the network inside: rows go in as people have them, and
 * out come {@code prediction} and, of a classification, {@code probability}.
 *
 * <p>Features become (x - shift) / deviation in double precision, and then floats, as {@link Standardisation} does it. Each layer is
 * a Gemm, with a Relu after all but the last. The most probable class is looked up among the labels. Numbers that are predicted are
 * scaled back in double precision. {@link OnnxReader} has the same model, with the same digest, from that.
 */
public final class OnnxWriter {
    /** The name of the input, unless the model knows one. */
    static final String FEATURES = "features";

    static final String PREDICTION = "prediction";
    static final String PROBABILITY = "probability";

    private final Model model;
    private final OnnxInput input;
    private final GraphWriter graph = new GraphWriter();

    private OnnxWriter(Model model, OnnxInput input) {
        this.model = model;
        this.input = input;
    }

    /**
     * Writes a whole file.
     *
     * @param input see {@link OnnxInput#of}
     * @param out not closed
     * @throws KindlingException if the model does not take such an input, or if a column is called as a part of the graph is
     */
    public static void write(Model model, OnnxInput input, OutputStream out) throws IOException {
        input.check(model);
        out.write(new OnnxWriter(model, input).file());
    }

    private byte[] file() {
        String features = inputs();
        String sums = layers(features);
        if (model.architecture().output() == Output.SOFTMAX) {
            classes(sums);
        } else {
            numbers(sums);
        }
        return graph.file(Metadata.of(model));
    }

    /** Declares what goes in, and gives the name of what the first layer takes: floats of about the size 1. */
    private String inputs() {
        int count = model.architecture().inputs();
        Tensor.Type type = Tensor.Type.valueOf(input.type().name());
        if (model.signature().isEmpty()) {
            String given = graph.input(FEATURES, type, count);
            String floats = type == Tensor.Type.FLOAT ? given : graph.cast(given, "floats", Tensor.Type.FLOAT);
            return type != Tensor.Type.UINT8
                    ? floats
                    : graph.node("Div", "scaled", floats, graph.floats("levels", new float[] {Inputs.LEVELS}));
        }
        Inputs inputs = model.signature().get().inputs();
        String given = input.isByColumn()
                ? columns(inputs.columns(), type)
                : graph.input(
                        inputs.form() == FeatureForm.COLUMNS
                                ? FEATURES
                                : inputs.columns().get(0),
                        type,
                        count);
        String doubles = type == Tensor.Type.DOUBLE ? given : graph.cast(given, "doubles", Tensor.Type.DOUBLE);
        Standardisation scale = inputs.standardisation();
        // What has a deviation of 0 becomes 0 whatever it is, and so does what is divided by infinity.
        double[] divisors = Arrays.stream(scale.deviation())
                .map(value -> value == 0 ? Double.POSITIVE_INFINITY : value)
                .toArray();
        String moved = graph.node("Sub", "moved", doubles, graph.doubles("shift", scale.shift()));
        String scaled = graph.node("Div", "scaled", moved, graph.doubles("deviation", divisors));
        return graph.cast(scaled, "standardised", Tensor.Type.FLOAT);
    }

    private String columns(List<String> names, Tensor.Type type) {
        names.forEach(name -> graph.input(name, type, 1));
        return names.size() == 1 ? names.get(0) : graph.join(names, "columns");
    }

    private String layers(String features) {
        Architecture architecture = model.architecture();
        String activations = features;
        for (int l = 0; ; l++) {
            String layer = "layer" + (l + 1) + "/";
            String weights = graph.floats(
                    layer + "weights",
                    new int[] {architecture.inputs(l), architecture.units(l)},
                    parameters(architecture.weights(l), architecture.biases(l)));
            String biases =
                    graph.floats(layer + "biases", parameters(architecture.biases(l), architecture.weights(l + 1)));
            String sums = graph.node("Gemm", layer + "sums", activations, weights, biases);
            if (l == architecture.layers() - 1) {
                return sums;
            }
            activations = graph.node("Relu", layer + "activations", sums);
        }
    }

    private float[] parameters(int from, int to) {
        return Arrays.copyOfRange(model.parameters(), from, to);
    }

    private void classes(String sums) {
        String probabilities = graph.node("Softmax", PROBABILITY, sums);
        Labels labels = model.signature().flatMap(Signature::labels).orElse(null);
        String best = graph.argMax(probabilities, labels == null ? PREDICTION : "class");
        Tensor.Type type = Tensor.Type.INT64;
        if (labels != null) {
            type = graph.labels("labels", labels);
            graph.node("Gather", PREDICTION, "labels", best);
        }
        graph.output(PREDICTION, type);
        graph.output(PROBABILITY, Tensor.Type.FLOAT, model.architecture().outputs());
    }

    private void numbers(String sums) {
        Targets targets = model.signature().flatMap(Signature::targets).orElse(null);
        int outputs = model.architecture().outputs();
        String numbers = sums;
        if (targets != null) {
            Standardisation scale = targets.standardisation();
            String doubles = graph.cast(sums, "doubleSums", Tensor.Type.DOUBLE);
            String spread = graph.node("Mul", "spread", doubles, graph.doubles("targetDeviation", scale.deviation()));
            numbers = graph.node("Add", "numbers", spread, graph.doubles("targetShift", scale.shift()));
        }
        Tensor.Type type = targets == null ? Tensor.Type.FLOAT : Tensor.Type.DOUBLE;
        if (outputs == 1) {
            graph.node("Squeeze", PREDICTION, numbers, graph.wholes("axes", 1));
            graph.output(PREDICTION, type);
        } else {
            graph.node("Identity", PREDICTION, numbers);
            graph.output(PREDICTION, type, outputs);
        }
    }
}
