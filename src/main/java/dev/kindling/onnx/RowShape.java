package dev.kindling.onnx;

import dev.kindling.network.Architecture;
import dev.kindling.onnx.Graph.Node;
import dev.kindling.onnx.Value.Constant;
import dev.kindling.onnx.Value.Rows;
import dev.kindling.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.List;

/** How many numbers a row has at the latest step of a network, and what makes one row of a picture. */
final class RowShape {
    /** As many as a shape may have that is computed. */
    private static final int MOST_DIMENSIONS = 8;

    private final Operands operands;
    /** 0 while that is not known. */
    private int width;
    /** Whether a row is one row of numbers, and no picture. */
    private boolean isFlat;

    RowShape(Operands operands) {
        this.operands = operands;
    }

    int width() {
        return width;
    }

    boolean isFlat() {
        return isFlat;
    }

    void set(int newWidth, boolean flat) {
        width = newWidth;
        isFlat = flat;
    }

    /** Whether rows have so many numbers, or may have them. */
    boolean fits(int size) {
        return isFlat && (width == 0 || size == width);
    }

    /** Whether there is a number for each of a row, or one for all; where there is one for each, a row has so many. */
    boolean takes(int size) {
        boolean does = size == 1 || (size > 1 && fits(size));
        width = does ? Math.max(width, size) : width;
        return does;
    }

    Rows flat(Node node, Rows rows) {
        if (node.whole("axis", 1) != 1) {
            throw operands.wrong(node, "axis " + node.whole("axis", 1) + " where columns are axis 1");
        }
        isFlat = true;
        return rows;
    }

    /** Rows stay rows, of all their numbers; where there is one number, or a class, it may stand alone. */
    Rows reshaped(Node node, Rows rows) {
        List<Long> shape = sizes(node, operands.input(node, 1));
        int dimensions = shape.size();
        long last = dimensions == 0 ? 0 : shape.get(dimensions - 1);
        boolean isNumber = (rows.kind().isChosen() || width == 1) && (last == -1 || last == 1);
        if (!isRow(shape, last) && !(isNumber && dimensions <= 2)) {
            throw operands.wrong(node, "shape " + shape + " for rows of " + width + " numbers");
        }
        if (!rows.kind().isChosen()) {
            isFlat = true;
            width = last > 0 ? (int) last : width;
        }
        return rows;
    }

    private boolean isRow(List<Long> shape, long last) {
        boolean isKnown = width > 0 ? last == width : last > 0 && last <= Architecture.MAX_INPUTS;
        return shape.size() == 2 && shape.get(0) >= -1 && shape.get(0) <= 1 && (last == -1 || isKnown);
    }

    Rows squeezed(Node node, Rows rows) {
        if (!rows.kind().isChosen() && width != 1) {
            throw operands.wrong(node, "that it takes rows of " + width + " numbers");
        }
        return rows;
    }

    /** Of a computed shape only the number of rows is known, which is written -1. */
    Sizes joined(Node node, List<Value> parts) {
        List<Long> all = new ArrayList<>();
        for (Value part : parts) {
            all.addAll(sizes(node, part));
            if (all.size() > MOST_DIMENSIONS) {
                throw operands.wrong(node, "more than " + MOST_DIMENSIONS + " dimensions");
            }
        }
        return new Sizes(all);
    }

    private List<Long> sizes(Node node, Value value) {
        if (value instanceof Sizes sizes) {
            return sizes.all();
        }
        if (value instanceof Constant constant
                && constant.tensor().type() == Tensor.Type.INT64
                && constant.tensor().size() <= MOST_DIMENSIONS) {
            List<Long> all = new ArrayList<>();
            for (int k = 0; k < constant.tensor().size(); k++) {
                all.add(constant.tensor().whole(k));
            }
            return all;
        }
        throw operands.wrong(node, "something else than a shape");
    }

    /** Picks the number of rows. */
    Sizes first(Node node) {
        if (!sizes(node, operands.input(node, 1)).equals(List.of(0L))) {
            throw operands.wrong(node, "that it takes another size of a shape than the number of rows");
        }
        return new Sizes(List.of(-1L));
    }
}
