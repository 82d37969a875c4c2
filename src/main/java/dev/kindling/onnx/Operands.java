package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.onnx.Graph.Node;
import dev.kindling.onnx.Value.Constant;
import dev.kindling.onnx.Value.Kind;
import dev.kindling.onnx.Value.Rows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The values of a graph by their names, as far as its nodes were gone through, and what a node takes of them. */
final class Operands {
    /** What is expected of a graph. */
    static final String CHAIN =
            "expected a chain of Gemm (or MatMul and Add) with Relu between, and Softmax or nothing at the end";

    private final String file;
    private final Map<String, Value> values = new HashMap<>();

    /** @param file its name, for messages */
    Operands(String file) {
        this.file = file;
    }

    Value named(String name) {
        return values.get(name);
    }

    /** Gives a value a name; false if the name has one. */
    boolean add(String name, Value value) {
        return values.put(name, value) == null;
    }

    /** An input that is not needed has the empty name. */
    static boolean has(Node node, int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    /** An input. It is there only if it comes from before, so there is no cycle. */
    Value input(Node node, int index) {
        Value value = has(node, index) ? values.get(node.inputs().get(index)) : null;
        if (value == null) {
            throw wrong(node, "that input " + index + " is given by no node before it");
        }
        return value;
    }

    /** An input, a constant. */
    Tensor tensor(Node node, int index) {
        if (input(node, index) instanceof Constant constant && !constant.isTransposed()) {
            return constant.tensor();
        }
        throw wrong(node, "that input " + index + " is no constant");
    }

    /**
     * An input, rows of one of these kinds: at the latest step of the network, so that there is no branch, or chosen from it.
     *
     * @param latest step of the network
     */
    Rows rows(Node node, int index, Rows latest, Kind... kinds) {
        if (!(input(node, index) instanceof Rows rows) || !(rows.kind().isChosen() || rows.equals(latest))) {
            throw wrong(node, "that input " + index + " is not what the node before it in the network gives");
        }
        if (!Arrays.asList(kinds).contains(rows.kind())) {
            throw wrong(node, "that it takes " + rows.kind().text);
        }
        return rows;
    }

    /** An input, a constant matrix. */
    Constant matrix(Node node, int index) {
        if (input(node, index) instanceof Constant constant && constant.tensor().isMatrix()) {
            return constant;
        }
        throw wrong(node, "that input " + index + " is no constant matrix");
    }

    /** Refuses an axis that is not that of the columns. */
    void requireColumns(Node node, long otherwise) {
        long axis = node.whole("axis", otherwise);
        if (axis != 1 && axis != -1) {
            throw wrong(node, "axis " + axis + " where columns are axis 1");
        }
    }

    KindlingException wrong(Node node, String found) {
        String name = node.name().isEmpty() ? String.join(",", node.outputs()) : node.name();
        return new KindlingException(
                file + ": node '" + name + "' (" + node.operator() + "): found " + found + ", " + CHAIN);
    }
}
