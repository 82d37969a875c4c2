package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.onnx.Graph.Node;
import dev.kindling.onnx.Value.Column;
import dev.kindling.onnx.Value.Constant;
import dev.kindling.onnx.Value.Kind;
import dev.kindling.onnx.Value.Rows;
import dev.kindling.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Follows a graph from its inputs to its outputs, as a chain: scaling, layers with a Relu between, Softmax, labels. A node takes
 * what nodes before it gave, so there is no cycle; each step of the network takes the one before it, so there is no branch.
 */
final class Chain {
    /** Operators beyond those that every ONNX runtime has; scikit-learn's exports use them. */
    private static final Set<String> OF_ML = Set.of("Scaler", "ZipMap", "ArrayFeatureExtractor");

    private final String file;
    private final Operands operands;
    private final RowShape shape;
    private final DenseLayers layers = new DenseLayers();
    private final Scale inputScale = new Scale();
    private final Scale outputScale = new Scale();
    private List<String> columns = List.of();
    private Rows latest = new Rows(Kind.FEATURES, 0);
    private boolean hasClasses;
    private Tensor labels;

    /** @throws KindlingException naming the node that does something else */
    Chain(String file, Graph graph) {
        this.file = file;
        this.operands = new Operands(file);
        this.shape = new RowShape(operands);
        graph.constants().forEach((name, tensor) -> operands.add(name, new Constant(tensor, false)));
        addInputs(graph.inputs());
        for (Node node : graph.nodes()) {
            Value given = given(node);
            if (node.outputs().isEmpty() || !operands.add(node.outputs().get(0), given)) {
                throw operands.wrong(node, "a result without a name of its own");
            }
        }
        graph.outputs().forEach(this::checkOutput);
        if (graph.outputs().isEmpty() || layers.isEmpty()) {
            throw new KindlingException(file + ": found no layer or no output, " + Operands.CHAIN);
        }
    }

    /** The names of the columns that are inputs, or the name of the one input that has them all. */
    List<String> columns() {
        return columns;
    }

    DenseLayers layers() {
        return layers;
    }

    /** What is done with features before the first layer. */
    Scale inputScale() {
        return inputScale;
    }

    /** What is done with the sums of the last layer, in place of Softmax. */
    Scale outputScale() {
        return outputScale;
    }

    /** Whether it chooses among classes; else it predicts numbers. */
    boolean hasClasses() {
        return hasClasses;
    }

    /** What the classes stand for; null where that is not said. */
    Tensor labels() {
        return labels;
    }

    private void addInputs(List<Graph.Input> inputs) {
        columns = inputs.stream().map(Graph.Input::name).toList();
        if (inputs.size() == 1) {
            shape.set(inputs.get(0).width(), inputs.get(0).dimensions() <= 2);
            operands.add(columns.get(0), latest);
        } else {
            inputs.forEach(this::addColumn);
        }
    }

    private void addColumn(Graph.Input input) {
        boolean isOne = input.dimensions() == 2 && input.width() == 1;
        if (!isOne || !operands.add(input.name(), new Column(input.name()))) {
            throw new KindlingException(
                    file + ": input '" + input.name()
                            + "': found one of several, expected one tensor, or shape (rows, 1) and a name of its own for each");
        }
    }

    private void checkOutput(String name) {
        boolean isEnd = operands.named(name) instanceof Rows rows
                && (rows.kind().isChosen() || (rows.equals(latest) && rows.kind() != Kind.ACTIVATIONS));
        if (!isEnd) {
            throw new KindlingException(file + ": output '" + name
                    + "': found something within the network, or nothing, " + Operands.CHAIN);
        }
    }

    private Value given(Node node) {
        boolean isKnown = node.domain().isEmpty()
                || node.domain().equals("ai.onnx")
                || (node.domain().equals("ai.onnx.ml") && OF_ML.contains(node.operator()));
        return switch (isKnown ? node.operator() : "") {
            case "Identity" -> operands.input(node, 0);
            case "Constant" -> constant(node);
            case "Transpose" -> transposed(node);
            case "Cast" -> cast(node);
            case "Dropout" -> dropout(node);
            case "Flatten" -> shape.flat(node, rows(node, 0, Kind.FEATURES));
            case "Reshape" -> shape.reshaped(node, rows(node, 0, Kind.values()));
            case "Squeeze" -> shape.squeezed(node, rows(node, 0, Kind.SUMS, Kind.SCALED, Kind.CLASS, Kind.LABEL));
            case "Shape" -> sizes(node);
            case "Unsqueeze" -> unsqueezed(node);
            case "Concat" -> joined(node);
            case "Scaler" -> scaled(node);
            case "Sub" -> difference(node);
            case "Div" -> quotient(node);
            case "Mul" -> product(node);
            case "Add" -> sum(node);
            case "MatMul" -> layer(node, operands.matrix(node, 1));
            case "Gemm" -> gemm(node);
            case "Relu" -> step(node, Kind.ACTIVATIONS, Kind.SUMS);
            case "Softmax", "LogSoftmax" -> softmax(node);
            case "Sigmoid" -> sigmoid(node);
            case "ZipMap" -> rows(node, 0, Kind.PROBABILITIES);
            case "ArgMax" -> mostProbable(node);
            case "Gather", "ArrayFeatureExtractor" -> picked(node);
            default -> throw operands.wrong(node, "an operator that is none of a network of fully connected layers");
        };
    }

    private Rows rows(Node node, int index, Kind... kinds) {
        return operands.rows(node, index, latest, kinds);
    }

    /** Of two inputs, which are rows and a constant, the place of the rows. */
    private int placeOfRows(Node node) {
        return operands.input(node, 0) instanceof Constant ? 1 : 0;
    }

    /** A number for each number of a row, or one for all. */
    private Tensor row(Node node, int index) {
        Tensor tensor = operands.tensor(node, index);
        if (!tensor.isRow() || !shape.takes(tensor.size())) {
            throw operands.wrong(
                    node, "a constant of shape " + Arrays.toString(tensor.shape()) + " for rows of " + shape.width());
        }
        return tensor;
    }

    private Value constant(Node node) {
        Graph.Attribute value = node.attributes().get("value");
        if (value == null || value.tensor() == null) {
            throw operands.wrong(node, "a constant that is no tensor");
        }
        return new Constant(value.tensor(), false);
    }

    private Value transposed(Node node) {
        Graph.Attribute order = node.attributes().get("perm");
        if (order != null && !Arrays.equals(order.wholes(), new long[] {1, 0})) {
            throw operands.wrong(node, "an order " + Arrays.toString(order.wholes()));
        }
        return operands.matrix(node, 0).transposed();
    }

    /** Numbers stay what they are in each type that has a point; a class, a label and a size do in any. */
    private Value cast(Node node) {
        Value value = operands.input(node, 0);
        long to = node.whole("to", 0);
        boolean hasPoint = to == Tensor.Type.FLOAT.number || to == Tensor.Type.DOUBLE.number;
        boolean isWhole = value instanceof Sizes
                || (value instanceof Rows rows && rows.kind().isChosen());
        if (!hasPoint && !isWhole) {
            throw operands.wrong(node, "that it makes type number " + to + " of numbers");
        }
        return value;
    }

    /** It leaves out nothing, but in training. */
    private Value dropout(Node node) {
        if (Operands.has(node, 2) && !operands.tensor(node, 2).asTexts().equals(List.of("false"))) {
            throw operands.wrong(node, "a Dropout that is training");
        }
        return operands.input(node, 0);
    }

    /** Of a computed shape only the number of rows is used, so it is all that there is of it. */
    private Value sizes(Node node) {
        rows(node, 0, Kind.values());
        return new Sizes(List.of(-1L));
    }

    private Value unsqueezed(Node node) {
        if (operands.input(node, 0) instanceof Sizes sizes) {
            return sizes;
        }
        throw operands.wrong(node, "something else than a shape");
    }

    private Value joined(Node node) {
        List<Value> parts = new ArrayList<>();
        for (int k = 0; k < node.inputs().size(); k++) {
            parts.add(operands.input(node, k));
        }
        if (parts.stream().anyMatch(Sizes.class::isInstance)) {
            return shape.joined(node, parts);
        }
        operands.requireColumns(node, 0);
        if (latest.kind() == Kind.POSITIVE && parts.equals(List.of(new Rows(Kind.NEGATIVE, latest.number()), latest))) {
            return next(node, Kind.PROBABILITIES);
        }
        List<String> names = parts.stream()
                .map(part -> part instanceof Column column ? column.name() : "")
                .toList();
        boolean isOfAll = names.size() == columns.size() && Set.copyOf(names).equals(Set.copyOf(columns));
        if (latest.number() > 0 || shape.isFlat() || !isOfAll) {
            throw operands.wrong(node, "that it joins something else than all inputs");
        }
        columns = names;
        shape.set(names.size(), true);
        return latest;
    }

    private Value scaled(Node node) {
        rows(node, 0, Kind.FEATURES);
        for (String name : List.of("offset", "scale")) {
            Graph.Attribute numbers = node.attributes().get(name);
            int count = numbers == null ? 0 : numbers.reals().size();
            if (!shape.takes(count)) {
                throw operands.wrong(node, count + " numbers as " + name + " for rows of " + shape.width());
            }
            double[] reals =
                    numbers.reals().stream().mapToDouble(Float::doubleValue).toArray();
            if (name.equals("offset")) {
                inputScale.subtract(reals);
            } else {
                inputScale.multiply(reals);
            }
        }
        return next(node, Kind.FEATURES);
    }

    private Value difference(Node node) {
        if (placeOfRows(node) == 1) {
            Tensor one = operands.tensor(node, 0);
            Rows positive = rows(node, 1, Kind.POSITIVE);
            if (one.type() == Tensor.Type.STRING || one.size() != 1 || one.real(0) != 1) {
                throw operands.wrong(node, "that it takes a probability from something else than 1");
            }
            return new Rows(Kind.NEGATIVE, positive.number());
        }
        rows(node, 0, Kind.FEATURES);
        inputScale.subtract(row(node, 1).reals());
        return next(node, Kind.FEATURES);
    }

    private Value quotient(Node node) {
        rows(node, 0, Kind.FEATURES);
        inputScale.divide(row(node, 1).reals());
        return next(node, Kind.FEATURES);
    }

    private Value product(Node node) {
        int place = placeOfRows(node);
        Rows rows = rows(node, place, Kind.FEATURES, Kind.SUMS);
        Tensor factors = row(node, 1 - place);
        if (rows.kind() == Kind.FEATURES) {
            inputScale.multiply(factors.reals());
            return next(node, Kind.FEATURES);
        }
        outputScale.divide(factors.reals());
        return next(node, Kind.SCALED);
    }

    private Value sum(Node node) {
        int place = placeOfRows(node);
        Rows rows = rows(node, place, Kind.FEATURES, Kind.SUMS, Kind.SCALED);
        Tensor terms = row(node, 1 - place);
        switch (rows.kind()) {
            case FEATURES -> inputScale.add(terms.reals());
            case SCALED -> outputScale.move(terms.reals());
            default -> layers.addBiases(terms);
        }
        return next(node, rows.kind());
    }

    private Value gemm(Node node) {
        if (node.whole("transA", 0) != 0 || node.real("alpha", 1) != 1 || node.real("beta", 1) != 1) {
            throw operands.wrong(node, "transA, alpha or beta that changes something");
        }
        Constant weights = operands.matrix(node, 1);
        Value sums = layer(node, node.whole("transB", 0) != 0 ? weights.transposed() : weights);
        if (Operands.has(node, 2)) {
            layers.addBiases(row(node, 2));
        }
        return sums;
    }

    private Value layer(Node node, Constant weights) {
        rows(node, 0, Kind.FEATURES, Kind.ACTIVATIONS);
        if (!shape.fits(weights.rows())) {
            throw operands.wrong(
                    node, "weights for rows of " + weights.rows() + " numbers, where they have " + shape.width());
        }
        if (!layers.add(weights)) {
            throw operands.wrong(node, "weights that another layer has too");
        }
        shape.set(weights.columns(), true);
        return next(node, Kind.SUMS);
    }

    private Value softmax(Node node) {
        operands.requireColumns(node, -1);
        hasClasses = true;
        return step(node, Kind.PROBABILITIES, Kind.SUMS);
    }

    private Value sigmoid(Node node) {
        Rows positive = step(node, Kind.POSITIVE, Kind.SUMS);
        if (shape.width() != 1) {
            throw operands.wrong(
                    node, "that it takes rows of " + shape.width() + " numbers: labels that do not exclude each other");
        }
        layers.makeTwoClasses();
        shape.set(2, true);
        hasClasses = true;
        return positive;
    }

    private Value mostProbable(Node node) {
        operands.requireColumns(node, 0);
        Rows rows = rows(node, 0, Kind.SUMS, Kind.PROBABILITIES);
        if (node.whole("select_last_index", 0) != 0) {
            throw operands.wrong(node, "that it takes the last of equal classes");
        }
        hasClasses = true;
        return new Rows(Kind.CLASS, rows.number());
    }

    private Value picked(Node node) {
        if (node.whole("axis", 0) != 0) {
            throw operands.wrong(node, "axis " + node.whole("axis", 0));
        }
        if (operands.input(node, 0) instanceof Sizes) {
            return shape.first(node);
        }
        rows(node, 1, Kind.CLASS);
        labels = operands.tensor(node, 0);
        if (labels.size() != shape.width()) {
            throw operands.wrong(
                    node, labels.size() + " labels, expected one for each of " + shape.width() + " classes");
        }
        return new Rows(Kind.LABEL, latest.number());
    }

    private Rows step(Node node, Kind to, Kind from) {
        rows(node, 0, from);
        return next(node, to);
    }

    private Rows next(Node node, Kind kind) {
        if (hasClasses && kind != Kind.PROBABILITIES) {
            throw operands.wrong(node, "that the network goes on where a class was chosen");
        }
        latest = new Rows(kind, latest.number() + 1);
        return latest;
    }
}
