package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.onnx.Graph.Node;
import dev.kindling.onnx.Value.Column;
import dev.kindling.onnx.Value.Constant;
import dev.kindling.onnx.Value.Kind;
import dev.kindling.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows a graph from its inputs to its outputs, as a chain: scaling, layers with a Relu between, Softmax, labels. A node takes
 * what nodes before it gave, so there is no cycle; each step of the network takes the one before it, so there is no branch.
 */
final class Chain {
    /** Operators beyond those that every ONNX runtime has; scikit-learn's exports use them. */
    private static final Set<String> OF_ML = Set.of("Scaler", "ZipMap", "ArrayFeatureExtractor");

    private static final String EXPECTED =
            "expected a chain of Gemm (or MatMul and Add) with Relu between, and Softmax or nothing at the end";

    /** A layer: weights of shape (inputs, units), and biases of shape (units). */
    record Dense(int inputs, float[] weights, float[] biases) {}

    private final String file;
    private final Map<String, Value> values = new HashMap<>();
    private final List<Dense> layers = new ArrayList<>();
    private final Scale inputScale = new Scale();
    private final Scale outputScale = new Scale();
    private List<String> columns = List.of();
    private Rows latest = new Rows(Kind.FEATURES, 0);
    /** The numbers in a row at the latest step; 0 while that is not known. */
    private int width;
    /** Whether a row is one row of numbers, and no picture. */
    private boolean isFlat;

    private boolean hasClasses;
    private Tensor labels;

    /** @throws KindlingException naming the node that does something else */
    Chain(String file, Graph graph) {
        this.file = file;
        graph.constants().forEach((name, tensor) -> values.put(name, new Constant(tensor, false)));
        addInputs(graph.inputs());
        for (Node node : graph.nodes()) {
            Value given = given(node);
            if (node.outputs().isEmpty() || values.put(node.outputs().get(0), given) != null) {
                throw wrong(node, "a result without a name of its own");
            }
        }
        graph.outputs().forEach(this::checkOutput);
        if (graph.outputs().isEmpty() || layers.isEmpty()) {
            throw new KindlingException(file + ": found no layer or no output, " + EXPECTED);
        }
    }

    /** The names of the columns that are inputs, or the name of the one input that has them all. */
    List<String> columns() {
        return columns;
    }

    List<Dense> layers() {
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
            width = inputs.get(0).width();
            isFlat = inputs.get(0).dimensions() <= 2;
            values.put(columns.get(0), latest);
        } else {
            inputs.forEach(this::addColumn);
        }
    }

    private void addColumn(Graph.Input input) {
        boolean isOne = input.dimensions() == 2 && input.width() == 1;
        if (!isOne || values.put(input.name(), new Column(input.name())) != null) {
            throw new KindlingException(
                    file + ": input '" + input.name()
                            + "': found one of several, expected one tensor, or shape (rows, 1) and a name of its own for each");
        }
    }

    private void checkOutput(String name) {
        boolean isEnd = values.get(name) instanceof Rows rows
                && (rows.kind().isChosen() || (rows.equals(latest) && rows.kind() != Kind.ACTIVATIONS));
        if (!isEnd) {
            throw new KindlingException(
                    file + ": output '" + name + "': found something within the network, or nothing, " + EXPECTED);
        }
    }

    private Value given(Node node) {
        boolean isKnown = node.domain().isEmpty()
                || node.domain().equals("ai.onnx")
                || (node.domain().equals("ai.onnx.ml") && OF_ML.contains(node.operator()));
        return switch (isKnown ? node.operator() : "") {
            case "Identity" -> input(node, 0);
            case "Constant" -> constant(node);
            case "Transpose" -> transposed(node);
            case "Cast" -> cast(node);
            case "Dropout" -> dropout(node);
            case "Flatten" -> flat(node);
            case "Reshape" -> reshaped(node);
            case "Squeeze" -> squeezed(node);
            case "Concat" -> joined(node);
            case "Scaler" -> scaled(node);
            case "Sub" -> difference(node);
            case "Div" -> quotient(node);
            case "Mul" -> product(node);
            case "Add" -> sum(node);
            case "MatMul" -> layer(node, matrix(node, false));
            case "Gemm" -> gemm(node);
            case "Relu" -> step(node, Kind.ACTIVATIONS, Kind.SUMS);
            case "Softmax", "LogSoftmax" -> softmax(node);
            case "Sigmoid" -> sigmoid(node);
            case "ZipMap" -> rows(node, 0, Kind.PROBABILITIES);
            case "ArgMax" -> mostProbable(node);
            case "Gather", "ArrayFeatureExtractor" -> label(node);
            default -> throw wrong(node, "an operator that is none of a network of fully connected layers");
        };
    }

    // ---- what a node takes

    private Value input(Node node, int index) {
        Value value = has(node, index) ? values.get(node.inputs().get(index)) : null;
        if (value == null) {
            throw wrong(node, "that input " + index + " is given by no node before it");
        }
        return value;
    }

    /** An input that is not needed has the empty name. */
    private static boolean has(Node node, int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    private Tensor tensor(Node node, int index) {
        if (input(node, index) instanceof Constant constant && !constant.isTransposed()) {
            return constant.tensor();
        }
        throw wrong(node, "that input " + index + " is no constant");
    }

    /** Rows of one of these kinds, at the latest step or chosen from it. */
    private Rows rows(Node node, int index, Kind... kinds) {
        if (input(node, index) instanceof Rows rows && (rows.kind().isChosen() || rows.equals(latest))) {
            if (Arrays.asList(kinds).contains(rows.kind())) {
                return rows;
            }
            throw wrong(node, "that it takes " + rows.kind().text);
        }
        throw wrong(node, "that input " + index + " is not what the node before it in the network gives");
    }

    /** Of two inputs, which are rows and a constant, the place of the rows. */
    private int placeOfRows(Node node) {
        return has(node, 0) && input(node, 0) instanceof Constant ? 1 : 0;
    }

    /** A number for each number of a row, or one for all. */
    private Tensor row(Node node, int index) {
        Tensor tensor = tensor(node, index);
        if (!tensor.isRow() || tensor.size() == 0 || (tensor.size() > 1 && !fits(tensor.size()))) {
            throw wrong(node, "a constant of shape " + Arrays.toString(tensor.shape()) + " for rows of " + width);
        }
        width = Math.max(width, tensor.size());
        return tensor;
    }

    private boolean fits(int size) {
        return isFlat && (width == 0 || size == width);
    }

    // ---- what changes nothing in the numbers

    private Value constant(Node node) {
        Graph.Attribute value = node.attributes().get("value");
        if (value == null || value.tensor() == null) {
            throw wrong(node, "a constant that is no tensor");
        }
        return new Constant(value.tensor(), false);
    }

    private Value transposed(Node node) {
        Graph.Attribute order = node.attributes().get("perm");
        if (input(node, 0) instanceof Constant constant
                && constant.tensor().isMatrix()
                && (order == null || Arrays.equals(order.wholes(), new long[] {1, 0}))) {
            return new Constant(constant.tensor(), !constant.isTransposed());
        }
        throw wrong(node, "that it turns something else than a matrix of weights");
    }

    /** A class or label is the same in any type, and other numbers are in each that has a point. */
    private Value cast(Node node) {
        Value value = input(node, 0);
        long to = node.whole("to", 0);
        boolean keeps = to == Tensor.Type.FLOAT.number || to == Tensor.Type.DOUBLE.number;
        if (!keeps && !(value instanceof Rows rows && rows.kind().isChosen())) {
            throw wrong(node, "that it makes type number " + to + " of numbers");
        }
        return value;
    }

    /** It leaves out nothing, but in training. */
    private Value dropout(Node node) {
        if (has(node, 2) && !tensor(node, 2).asTexts().equals(List.of("false"))) {
            throw wrong(node, "a Dropout that is training");
        }
        return input(node, 0);
    }

    private Value flat(Node node) {
        Rows rows = rows(node, 0, Kind.values());
        if (node.whole("axis", 1) != 1) {
            throw wrong(node, "axis " + node.whole("axis", 1) + " where rows are axis 0");
        }
        isFlat = true;
        return rows;
    }

    private Value reshaped(Node node) {
        Rows rows = rows(node, 0, Kind.values());
        Tensor shape = tensor(node, 1);
        int dimensions = shape.size();
        long last = dimensions == 0 || shape.type() != Tensor.Type.INT64 ? 0 : shape.whole(dimensions - 1);
        boolean keepsRows = dimensions == 2 && last != 0 && shape.whole(0) >= -1 && shape.whole(0) <= 1;
        boolean isRow =
                keepsRows && (last == -1 || last == width || (width == 0 && last > 0 && last <= Architecture.MAX_SIZE));
        boolean isNumber = (rows.kind().isChosen() || width == 1) && (last == -1 || last == 1);
        if (!isRow && !(isNumber && dimensions <= 2)) {
            throw wrong(node, "a shape other than rows of " + width + " numbers");
        }
        if (rows.kind() == Kind.FEATURES) {
            isFlat = true;
            width = last > 0 ? (int) last : width;
        }
        return rows;
    }

    private Value squeezed(Node node) {
        Rows rows = rows(node, 0, Kind.SUMS, Kind.SCALED, Kind.CLASS, Kind.LABEL);
        if (!rows.kind().isChosen() && width != 1) {
            throw wrong(node, "that it takes rows of " + width + " numbers");
        }
        return rows;
    }

    // ---- inputs

    private Value joined(Node node) {
        long axis = node.whole("axis", 0);
        List<Value> parts = new ArrayList<>();
        for (int k = 0; k < node.inputs().size(); k++) {
            parts.add(input(node, k));
        }
        if (axis != 1 && axis != -1) {
            throw wrong(node, "axis " + axis + " where columns are axis 1");
        }
        if (latest.kind() == Kind.POSITIVE && parts.equals(List.of(new Rows(Kind.NEGATIVE, latest.number()), latest))) {
            return next(node, Kind.PROBABILITIES);
        }
        List<String> names = parts.stream()
                .map(part -> part instanceof Column column ? column.name() : "")
                .toList();
        if (latest.number() > 0
                || isFlat
                || names.size() != columns.size()
                || !Set.copyOf(names).equals(Set.copyOf(columns))) {
            throw wrong(node, "that it joins something else than all inputs");
        }
        columns = names;
        width = names.size();
        isFlat = true;
        return latest;
    }

    private Value scaled(Node node) {
        rows(node, 0, Kind.FEATURES);
        for (String name : List.of("offset", "scale")) {
            Graph.Attribute numbers = node.attributes().get(name);
            int count = numbers == null ? 0 : numbers.reals().size();
            if (count == 0 || (count > 1 && !fits(count))) {
                throw wrong(node, count + " numbers as " + name + " for rows of " + width);
            }
            width = Math.max(width, count);
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

    // ---- sums and products with constants

    private Value difference(Node node) {
        if (placeOfRows(node) == 1) {
            Tensor one = tensor(node, 0);
            Rows positive = rows(node, 1, Kind.POSITIVE);
            if (one.type() == Tensor.Type.STRING || one.size() != 1 || one.real(0) != 1) {
                throw wrong(node, "that it takes a probability from something else than 1");
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
            default -> addBiases(terms);
        }
        return next(node, rows.kind());
    }

    private void addBiases(Tensor terms) {
        float[] biases = layers.get(layers.size() - 1).biases();
        for (int u = 0; u < biases.length; u++) {
            biases[u] += (float) terms.real(terms.size() == 1 ? 0 : u);
        }
    }

    // ---- layers

    private Constant matrix(Node node, boolean isTransposed) {
        if (input(node, 1) instanceof Constant constant && constant.tensor().isMatrix()) {
            return new Constant(constant.tensor(), constant.isTransposed() != isTransposed);
        }
        throw wrong(node, "that its weights are no constant matrix");
    }

    private Value gemm(Node node) {
        if (node.whole("transA", 0) != 0 || node.real("alpha", 1) != 1 || node.real("beta", 1) != 1) {
            throw wrong(node, "transA, alpha or beta that changes something");
        }
        Value sums = layer(node, matrix(node, node.whole("transB", 0) != 0));
        if (has(node, 2)) {
            addBiases(row(node, 2));
        }
        return sums;
    }

    /** Appends a layer, with biases of 0. */
    private Value layer(Node node, Constant weights) {
        rows(node, 0, Kind.FEATURES, Kind.ACTIVATIONS);
        Tensor tensor = weights.tensor();
        int rows = (int) tensor.shape()[0];
        int columns = (int) tensor.shape()[1];
        int inputs = weights.isTransposed() ? columns : rows;
        int units = weights.isTransposed() ? rows : columns;
        if (!fits(inputs)) {
            throw wrong(node, "weights for rows of " + inputs + " numbers, where they have " + width);
        }
        float[] matrix = new float[tensor.size()];
        for (int i = 0; i < inputs; i++) {
            for (int u = 0; u < units; u++) {
                int at = weights.isTransposed() ? u * inputs + i : i * units + u;
                matrix[i * units + u] = (float) tensor.real(at);
            }
        }
        layers.add(new Dense(inputs, matrix, new float[units]));
        width = units;
        return next(node, Kind.SUMS);
    }

    // ---- the end

    private void requireColumns(Node node, long otherwise) {
        long axis = node.whole("axis", otherwise);
        if (axis != 1 && axis != -1) {
            throw wrong(node, "axis " + axis + " where classes are axis 1");
        }
    }

    private Value softmax(Node node) {
        requireColumns(node, -1);
        hasClasses = true;
        return step(node, Kind.PROBABILITIES, Kind.SUMS);
    }

    /** Softmax of 0 and a sum is Sigmoid of the sum, so the only unit becomes the second of two. */
    private Value sigmoid(Node node) {
        Rows positive = step(node, Kind.POSITIVE, Kind.SUMS);
        if (width != 1) {
            throw wrong(node, "that it takes rows of " + width + " numbers: labels that do not exclude each other");
        }
        Dense last = layers.remove(layers.size() - 1);
        float[] weights = new float[2 * last.inputs()];
        for (int i = 0; i < last.inputs(); i++) {
            weights[2 * i + 1] = last.weights()[i];
        }
        layers.add(new Dense(last.inputs(), weights, new float[] {0, last.biases()[0]}));
        width = 2;
        hasClasses = true;
        return positive;
    }

    private Value mostProbable(Node node) {
        requireColumns(node, 0);
        Rows rows = rows(node, 0, Kind.SUMS, Kind.PROBABILITIES);
        if (node.whole("select_last_index", 0) != 0) {
            throw wrong(node, "that it takes the last of equal classes");
        }
        hasClasses = true;
        return new Rows(Kind.CLASS, rows.number());
    }

    private Value label(Node node) {
        rows(node, 1, Kind.CLASS);
        labels = tensor(node, 0);
        if (node.whole("axis", 0) != 0 || labels.size() != width) {
            throw wrong(node, labels.size() + " labels, expected one for each of " + width + " classes");
        }
        return new Rows(Kind.LABEL, latest.number());
    }

    // ---- steps

    private Rows step(Node node, Kind to, Kind from) {
        rows(node, 0, from);
        return next(node, to);
    }

    private Rows next(Node node, Kind kind) {
        if (hasClasses && kind != Kind.PROBABILITIES) {
            throw wrong(node, "that the network goes on where a class was chosen");
        }
        latest = new Rows(kind, latest.number() + 1);
        return latest;
    }

    private KindlingException wrong(Node node, String found) {
        return new KindlingException(
                file + ": node '" + (node.name().isEmpty() ? String.join(",", node.outputs()) : node.name()) + "' ("
                        + node.operator() + "): found " + found + ", " + EXPECTED);
    }
}
