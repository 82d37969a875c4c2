package dev.kindling.network;

/**
 * A fully connected network at work: the forward pass, the loss, and the gradient by backpropagation.
 *
 * <p>Hidden layers are ReLU, the last is what {@link Output} says. The parameters are only read. This object owns scratch
 * space for one block, and reuses it from call to call. Not thread-safe: one for each thread.
 */
public final class Network {
    private final int features;
    private final Layer[] layers;
    private final Layer last;
    private final Loss loss;
    /** The values of a block that keeps levels. */
    private float[] unpacked = {};

    /**
     * @param parameters the flat array, laid out as {@link Architecture} says; must not change while this is in use
     * @param rows the rows of the largest block that will come
     */
    public Network(Architecture architecture, float[] parameters, int rows) {
        this.features = architecture.inputs();
        this.layers = new Layer[architecture.layers()];
        for (int l = 0; l < layers.length; l++) {
            layers[l] = new Layer(architecture, l, parameters, rows);
        }
        this.last = layers[layers.length - 1];
        this.loss = architecture.output().loss(architecture.outputs(), rows);
    }

    /**
     * Goes on with other parameters of the same layers.
     *
     * @param parameters as for a new network
     */
    public void use(float[] parameters) {
        for (Layer layer : layers) {
            layer.use(parameters);
        }
    }

    /**
     * Predicts a block.
     *
     * @return shape (rows, outputs): probabilities of the classes, or the numbers that are predicted
     */
    public float[] predict(Block block) {
        evaluate(block);
        return loss.outputs(block, last);
    }

    /** The forward pass alone; the methods below give its results. */
    public void evaluate(Block block) {
        forward(block, values(block));
        loss.score(block, last);
    }

    /**
     * The gradient of the block's summed loss: sums over its rows, each times its weight, not means.
     *
     * @param gradient laid out as the parameters; overwritten
     */
    public void gradient(Block block, float[] gradient) {
        for (Layer layer : layers) {
            layer.prepareGradient();
        }
        float[] x = values(block);
        forward(block, x);
        loss.score(block, last);
        loss.deltas(block, last);
        backward(block, x, gradient);
    }

    /** The loss of the last block, summed over its rows, each times its weight: {@link Output} says which loss. */
    public double loss() {
        return loss.loss();
    }

    /**
     * How many rows of the last block have their own class as the most probable one, the first of equals; 0 without
     * classes.
     */
    public int correct() {
        return loss.correct();
    }

    /** The most probable class of a row of the last block, the first of equals; 0 without classes. */
    public int prediction(int row) {
        return loss.prediction(row);
    }

    /**
     * Counts on how many rows of the last block each hidden unit was above zero.
     *
     * @param counts shape (hidden units), layer after layer: added to
     */
    public void addActive(long[] counts) {
        int first = 0;
        for (int l = 0; l < layers.length - 1; l++) {
            for (int u = 0; u < layers[l].units; u++) {
                counts[first + u] += (long) layers[l].active[u];
            }
            first += layers[l].units;
        }
    }

    /** Z = A W + b, layer by layer, with A = max(Z, 0) between; leaves the last sums in the last layer. */
    private void forward(Block block, float[] x) {
        int rows = block.rows();
        if (block.isDense()) {
            layers[0].forward(rows, x, features);
        } else {
            layers[0].forward(block, x);
        }
        for (int l = 1; l < layers.length; l++) {
            layers[l - 1].relu(rows);
            layers[l].forward(rows, layers[l - 1].activations, layers[l - 1].stride);
        }
    }

    /**
     * The chain rule from the loss back to the inputs: for each layer, from last to first, dW = transpose(A) delta, db =
     * the column sums of delta, and one layer down delta = delta transpose(W), zero where the ReLU was.
     */
    private void backward(Block block, float[] x, float[] gradient) {
        int rows = block.rows();
        for (int l = layers.length - 1; l > 0; l--) {
            layers[l].gradient(rows, layers[l - 1].activations, layers[l - 1].stride, gradient);
            layers[l].backward(rows, layers[l - 1]);
        }
        if (block.isDense()) {
            layers[0].gradient(rows, x, features, gradient);
        } else {
            layers[0].gradient(block, x, gradient);
        }
    }

    /** {@link Block#values}, with scratch space if levels have to be unpacked. */
    private float[] values(Block block) {
        if (unpacked.length < block.scratchLength()) {
            unpacked = new float[block.scratchLength()];
        }
        return block.values(unpacked);
    }
}
