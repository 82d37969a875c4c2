package dev.kindling.network;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/**
 * A fully connected network at work: the forward pass, the loss, and the gradient by backpropagation.
 *
 * <p>Hidden layers are ReLU, the last is softmax with cross-entropy. The parameters come with every call; what this
 * object owns is scratch space for one block, reused from call to call. Not thread-safe: one for each thread.
 */
public final class Network {
    private final Architecture architecture;
    private final BLAS blas = Blas.INSTANCE;
    /**
     * Shape (rows, sizes[l]) for each l: activations[0] are the inputs X, activations[l + 1] is what layer l makes of
     * activations[l]. The last holds first the logits, then the probabilities.
     */
    private final float[][] activations;
    /** Shape (rows, units(l)) for each layer l: dLoss/dZ. */
    private final float[][] deltas;
    /** Shape (hidden units): on how many rows of the last block each was active, layer after layer. */
    private final int[] active;

    private double loss;
    private int correct;

    /** @param rows the rows of the largest block that will come */
    public Network(Architecture architecture, int rows) {
        this.architecture = architecture;
        this.activations = new float[architecture.layers() + 1][];
        this.deltas = new float[architecture.layers()][];
        this.active = new int[architecture.hiddenUnits()];
        activations[0] = new float[rows * architecture.inputs()];
        for (int l = 0; l < architecture.layers(); l++) {
            activations[l + 1] = new float[rows * architecture.units(l)];
            deltas[l] = new float[rows * architecture.units(l)];
        }
    }

    /**
     * Predicts a block.
     *
     * @param parameters the flat array, laid out as {@link Architecture} says
     * @return shape (rows, classes): probabilities, valid until the next call
     */
    public float[] predict(float[] parameters, Block block) {
        forward(parameters, block);
        score(block);
        return activations[architecture.layers()];
    }

    /**
     * The gradient of the block's summed loss: sums over its rows, not means.
     *
     * @param parameters the flat array, laid out as {@link Architecture} says
     * @param gradient the same layout; overwritten
     */
    public void gradient(float[] parameters, Block block, float[] gradient) {
        forward(parameters, block);
        score(block);
        countActive(block.rows());
        backward(parameters, block, gradient);
    }

    /** The cross-entropy of the last block, summed over its rows, in nats. */
    public double loss() {
        return loss;
    }

    /** How many rows of the last block have their own class as the most probable one, the first of equals. */
    public int correct() {
        return correct;
    }

    /** Shape (hidden units): on how many rows of the last {@link #gradient} each was above zero; do not change. */
    public int[] active() {
        return active;
    }

    /** The class of highest probability in row {@code row} of what {@link #predict} returned, the first of equals. */
    public int prediction(int row) {
        float[] p = activations[architecture.layers()];
        int classes = architecture.classes();
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (p[row * classes + c] > p[row * classes + best]) {
                best = c;
            }
        }
        return best;
    }

    /** Z = A W + b, layer by layer, with A = max(Z, 0) between; leaves the logits in the last activations. */
    private void forward(float[] parameters, Block block) {
        int rows = block.rows();
        block.unpack(activations[0]);
        for (int l = 0; l < architecture.layers(); l++) {
            int units = architecture.units(l);
            float[] z = activations[l + 1];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(parameters, architecture.biases(l), z, row * units, units);
            }
            int inputs = architecture.inputs(l);
            multiply(rows, inputs, units, activations[l], parameters, architecture.weights(l), z);
            if (l < architecture.layers() - 1) {
                for (int k = 0; k < rows * units; k++) {
                    z[k] = Math.max(z[k], 0f);
                }
            }
        }
    }

    /** Logits to probabilities, and with them the loss and the number of correct rows. */
    private void score(Block block) {
        float[] z = activations[architecture.layers()];
        loss = 0;
        correct = 0;
        for (int row = 0; row < block.rows(); row++) {
            loss += Softmax.normalise(z, row * architecture.classes(), architecture.classes(), block.label(row));
            correct += prediction(row) == block.label(row) ? 1 : 0;
        }
    }

    private void countActive(int rows) {
        Arrays.fill(active, 0);
        int first = 0;
        for (int l = 0; l < architecture.layers() - 1; l++) {
            int units = architecture.units(l);
            for (int k = 0; k < rows * units; k++) {
                active[first + k % units] += activations[l + 1][k] > 0 ? 1 : 0;
            }
            first += units;
        }
    }

    /**
     * The chain rule from the loss back to the inputs. At the end delta = P - Y, Y the one-hot labels. Then for each
     * layer, from last to first: dW = transpose(A) delta, db = the column sums of delta, and one layer down
     * delta = delta transpose(W), zero where the ReLU was.
     */
    private void backward(float[] parameters, Block block, float[] gradient) {
        int rows = block.rows();
        int last = architecture.layers() - 1;
        int classes = architecture.classes();
        System.arraycopy(activations[last + 1], 0, deltas[last], 0, rows * classes);
        for (int row = 0; row < rows; row++) {
            deltas[last][row * classes + block.label(row)] -= 1f;
        }
        Arrays.fill(gradient, 0f);
        for (int l = last; l >= 0; l--) {
            int inputs = architecture.inputs(l);
            int units = architecture.units(l);
            int weights = architecture.weights(l);
            multiplyTransposed(rows, inputs, units, activations[l], deltas[l], gradient, weights);
            addRows(rows, units, deltas[l], gradient, architecture.biases(l));
            if (l > 0) {
                multiplyByTransposed(rows, units, inputs, deltas[l], parameters, weights, deltas[l - 1]);
                for (int k = 0; k < rows * inputs; k++) {
                    deltas[l - 1][k] = activations[l][k] > 0 ? deltas[l - 1][k] : 0f;
                }
            }
        }
    }

    // BLAS is column-major, and a row-major matrix read by columns is its transpose. So each product below is handed
    // over as its transpose: transpose(A B) = transpose(B) transpose(A).

    /** C (rows, units) += A (rows, inputs) W (inputs, units), W starting at {@code offset}. */
    private void multiply(int rows, int inputs, int units, float[] a, float[] w, int offset, float[] c) {
        blas.sgemm("N", "N", units, rows, inputs, 1f, w, offset, units, a, 0, inputs, 1f, c, 0, units);
    }

    /** C (inputs, units) from {@code offset} on += transpose(A) (inputs, rows) D (rows, units). */
    private void multiplyTransposed(int rows, int inputs, int units, float[] a, float[] d, float[] c, int offset) {
        blas.sgemm("N", "T", units, inputs, rows, 1f, d, 0, units, a, 0, inputs, 1f, c, offset, units);
    }

    /** C (rows, inputs) = D (rows, units) transpose(W) (units, inputs), W starting at {@code offset}. */
    private void multiplyByTransposed(int rows, int units, int inputs, float[] d, float[] w, int offset, float[] c) {
        blas.sgemm("T", "N", inputs, rows, units, 1f, w, offset, units, d, 0, units, 0f, c, 0, inputs);
    }

    /** The column sums of D (rows, units) are added to what starts at {@code offset}. */
    private static void addRows(int rows, int units, float[] d, float[] sums, int offset) {
        for (int row = 0; row < rows; row++) {
            for (int u = 0; u < units; u++) {
                sums[offset + u] += d[row * units + u];
            }
        }
    }
}
