package dev.kindling.onnx;

import java.util.List;

/** What a name in a graph stands for. */
sealed interface Value {
    /** A constant; a matrix may be meant with rows and columns exchanged. */
    record Constant(Tensor tensor, boolean isTransposed) implements Value {
        /** Those of a matrix. */
        int rows() {
            return (int) tensor.shape()[isTransposed ? 1 : 0];
        }

        int columns() {
            return (int) tensor.shape()[isTransposed ? 0 : 1];
        }

        Constant transposed() {
            return new Constant(tensor, !isTransposed);
        }
    }

    /** One of several inputs, a column each. */
    record Column(String name) implements Value {}

    /** Sizes of a shape that nodes compute; the number of rows is -1. */
    record Sizes(List<Long> all) implements Value {}

    /**
     * What the network has made of the rows so far.
     *
     * @param number counts the steps of the network: the latest one has the highest
     */
    record Rows(Kind kind, int number) implements Value {}

    /** How far rows have come. */
    enum Kind {
        FEATURES("features"),
        SUMS("the sums of a layer"),
        ACTIVATIONS("what a Relu gives"),
        SCALED("scaled numbers"),
        POSITIVE("the probability of the second class"),
        NEGATIVE("the probability of the first class"),
        PROBABILITIES("probabilities"),
        CLASS("the number of a class"),
        LABEL("a label");

        final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Whether only one class is left of them. */
        boolean isChosen() {
            return this == CLASS || this == LABEL;
        }
    }
}
