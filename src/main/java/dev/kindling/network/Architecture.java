package dev.kindling.network;

import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a fully connected network, from its inputs to its outputs, what its outputs are, and where each layer's
 * parameters lie in the one flat array that holds them all.
 *
 * <p>Layer {@code l} of {@code layers()} has weights W of shape (inputs(l), units(l)), row-major, followed by biases b
 * of shape (units(l)): layer after layer, with nothing between.
 *
 * @param sizes at least two sizes, the first 1 to {@value #MAX_INPUTS} and each other 1 to {@value #MAX_SIZE}: 784, 10, 10 has 784
 *     inputs, 10 hidden units, 10 classes
 * @param output what the last layer makes of its sums
 */
public record Architecture(List<Integer> sizes, Output output) implements Serializable {
    /** The most inputs: columns of packed rows are 24-bit numbers. Most of so many are zero in each row. */
    public static final int MAX_INPUTS = 1 << 24;

    /** The most units of a layer. */
    public static final int MAX_SIZE = 65_536;

    /** What a task sends at a step beside a number for each parameter and hidden unit: all must fit one array of bytes. */
    public static final int MORE_SUMS = 5;

    private static final int MAX_SUMS = Integer.MAX_VALUE / Long.BYTES - MORE_SUMS;

    /** @throws KindlingException if a size is out of range or the sums of a step do not fit one Java array */
    public Architecture {
        sizes = List.copyOf(sizes);
        if (sizes.size() < 2) {
            throw new KindlingException(
                    "layers: found " + text(sizes) + ", expected at least inputs and classes, such as 784,10,10");
        }
        long parameters = 0;
        for (int l = 0; l < sizes.size(); l++) {
            int size = sizes.get(l);
            int most = l == 0 ? MAX_INPUTS : MAX_SIZE;
            if (size < 1 || size > most) {
                throw new KindlingException(
                        "layers: found " + size + " in " + text(sizes) + ", expected whole numbers from 1 to " + most);
            }
            parameters += l == 0 ? 0 : (sizes.get(l - 1) + 1L) * size;
        }
        long hiddenUnits = sizes.subList(1, sizes.size() - 1).stream()
                .mapToLong(Integer::longValue)
                .sum();
        if (parameters + hiddenUnits > MAX_SUMS) {
            throw new KindlingException("layers: " + text(sizes) + " has " + parameters + " parameters and "
                    + hiddenUnits + " hidden units, expected at most " + MAX_SUMS + " together");
        }
    }

    /** A classification: {@link Output#SOFTMAX}. */
    public Architecture(List<Integer> sizes) {
        this(sizes, Output.SOFTMAX);
    }

    /**
     * Reads sizes as a person writes them, of a classification.
     *
     * @param text whole numbers separated by commas, such as {@code 784,10,10}
     * @throws KindlingException if it is not that
     */
    public static Architecture parse(String text) {
        try {
            return new Architecture(Arrays.stream(text.split(",", -1))
                    .map(size -> Integer.valueOf(size.strip()))
                    .toList());
        } catch (NumberFormatException e) {
            throw new KindlingException(
                    "layers: found '" + text + "', expected whole numbers and commas, such as 784,10,10", e);
        }
    }

    /** The same sizes with another output. */
    public Architecture withOutput(Output other) {
        return new Architecture(sizes, other);
    }

    /** The number of features of an example. */
    public int inputs() {
        return sizes.get(0);
    }

    /** The units of the last layer: classes, or targets of a regression. */
    public int outputs() {
        return sizes.get(sizes.size() - 1);
    }

    /** The number of classes an example can belong to; a regression has none. */
    public int classes() {
        return output == Output.SOFTMAX ? outputs() : 0;
    }

    /** How many numbers are to be predicted of an example: none in a classification. */
    public int targets() {
        return output == Output.IDENTITY ? outputs() : 0;
    }

    /** The number of layers with weights: 2 for 784,10,10. */
    public int layers() {
        return sizes.size() - 1;
    }

    /** The inputs of layer {@code l}: rows of its W. */
    public int inputs(int l) {
        return sizes.get(l);
    }

    /** The units of layer {@code l}: columns of its W, length of its b. */
    public int units(int l) {
        return sizes.get(l + 1);
    }

    /** The number of hidden units of all layers together. */
    public int hiddenUnits() {
        return sizes.subList(1, layers()).stream().mapToInt(Integer::intValue).sum();
    }

    /** Where W of layer {@code l} starts in the flat array; W[i][u] is i * units(l) + u further on. */
    public int weights(int l) {
        int offset = 0;
        for (int k = 0; k < l; k++) {
            offset += (inputs(k) + 1) * units(k);
        }
        return offset;
    }

    /** Where b of layer {@code l} starts in the flat array. */
    public int biases(int l) {
        return weights(l) + inputs(l) * units(l);
    }

    /** The length of the flat array: 7,960 for 784,10,10. */
    public int parameters() {
        return weights(layers());
    }

    /** The layer that the parameter at {@code index} of the flat array belongs to. */
    public int layerOf(int index) {
        int l = 0;
        while (index >= weights(l + 1)) {
            l++;
        }
        return l;
    }

    /** The sizes, for {@link #parse}. */
    @Override
    public String toString() {
        return text(sizes);
    }

    private static String text(List<Integer> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
