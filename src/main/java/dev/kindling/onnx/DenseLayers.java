package dev.kindling.onnx;

import dev.kindling.network.Architecture;
import dev.kindling.onnx.Value.Constant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The layers of a network, as they are found. */
final class DenseLayers {
    /** A layer: weights of shape (inputs, units), and biases of shape (units). */
    private record Dense(int inputs, float[] weights, float[] biases) {}

    private final List<Dense> layers = new ArrayList<>();
    /** Each is in one layer, so that all layers together are no larger than the file. */
    private final Set<Tensor> used = Collections.newSetFromMap(new IdentityHashMap<>());

    boolean isEmpty() {
        return layers.isEmpty();
    }

    /** The sizes of the network, from its inputs to its outputs. */
    List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>(List.of(layers.get(0).inputs()));
        layers.forEach(layer -> sizes.add(layer.biases().length));
        return sizes;
    }

    /** The flat array, laid out as the architecture says, which has the sizes of these layers. */
    float[] parameters(Architecture architecture) {
        float[] parameters = new float[architecture.parameters()];
        for (int l = 0; l < layers.size(); l++) {
            Dense layer = layers.get(l);
            System.arraycopy(layer.weights(), 0, parameters, architecture.weights(l), layer.weights().length);
            System.arraycopy(layer.biases(), 0, parameters, architecture.biases(l), layer.biases().length);
        }
        return parameters;
    }

    /**
     * Appends a layer, with biases of 0.
     *
     * @param weights shape (inputs, units)
     * @return false if another layer has these weights
     */
    boolean add(Constant weights) {
        Tensor tensor = weights.tensor();
        if (!used.add(tensor)) {
            return false;
        }
        int inputs = weights.rows();
        int units = weights.columns();
        float[] matrix = new float[inputs * units];
        for (int i = 0; i < inputs; i++) {
            for (int u = 0; u < units; u++) {
                matrix[i * units + u] = (float) tensor.real(weights.isTransposed() ? u * inputs + i : i * units + u);
            }
        }
        layers.add(new Dense(inputs, matrix, new float[units]));
        return true;
    }

    /** @param terms one for each unit of the last layer, or one for all */
    void addBiases(Tensor terms) {
        float[] biases = layers.get(layers.size() - 1).biases();
        for (int u = 0; u < biases.length; u++) {
            biases[u] += (float) terms.real(terms.size() == 1 ? 0 : u);
        }
    }

    /** Sigmoid of a sum is Softmax of 0 and the sum: the only unit of the last layer becomes the second of two. */
    void makeTwoClasses() {
        Dense last = layers.remove(layers.size() - 1);
        float[] weights = new float[2 * last.inputs()];
        for (int i = 0; i < last.inputs(); i++) {
            weights[2 * i + 1] = last.weights()[i];
        }
        layers.add(new Dense(last.inputs(), weights, new float[] {0, last.biases()[0]}));
    }
}
