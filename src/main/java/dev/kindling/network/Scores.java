package dev.kindling.network;

/**
 * Softmax and cross-entropy of a block, fused: p = exp(z) / sum exp(z) and loss = -log p[label] = log(sum exp(z)) -
 * z[label].
 *
 * <p>The maximum is subtracted first, so that no exp overflows, and the loss is taken from the log of the sum, so that a
 * probability too small for a float does not become an infinite loss. Here a matrix has a row for each class, so that
 * lanes of a vector are rows of the block and no sum goes across lanes.
 */
final class Scores implements Loss {
    /** How many sums of exponentials, each at most {@value Architecture#MAX_SIZE}, fit in a double as a product. */
    private static final int FACTORS = 60;

    private final int classes;
    private final int stride;
    /** Shape (classes, stride): row r of the block is column r. */
    private final float[] probabilities;
    /** Shape (stride). */
    private final float[] max;
    /** Shape (stride). */
    private final float[] sum;
    /** Shape (stride): the most probable class, the first of equals. */
    private final float[] best;

    private double loss;
    private int correct;

    /** @param rows the most rows that will come */
    Scores(int classes, int rows) {
        this.classes = classes;
        this.stride = Layer.padded(rows);
        this.probabilities = new float[classes * stride];
        this.max = new float[stride];
        this.sum = new float[stride];
        this.best = new float[stride];
    }

    @Override
    public void score(Block block, Layer last) {
        int rows = block.rows();
        float[] z = last.activations;
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < classes; c++) {
                probabilities[c * stride + row] = z[row * last.stride + c];
            }
        }
        Kernels.INSTANCE.softmax(probabilities, classes, stride, best, max, sum);
        correct = 0;
        for (int row = 0; row < rows; row++) {
            correct += (int) best[row] == block.label(row) ? 1 : 0;
        }
        loss = block.isWeighted() ? weightedLoss(block, last) : unweightedLoss(block, last);
    }

    private double unweightedLoss(Block block, Layer last) {
        int rows = block.rows();
        double total = 0;
        double product = 1;
        for (int row = 0; row < rows; row++) {
            total += (double) max[row] - last.activations[row * last.stride + block.label(row)];
            product *= sum[row];
            if (row % FACTORS == FACTORS - 1 || row == rows - 1) { // the log of a product: far fewer logs
                total += StrictMath.log(product);
                product = 1;
            }
        }
        return total;
    }

    private double weightedLoss(Block block, Layer last) {
        double total = 0;
        for (int row = 0; row < block.rows(); row++) {
            double z = last.activations[row * last.stride + block.label(row)];
            total += block.weight(row) * (max[row] - z + StrictMath.log(sum[row]));
        }
        return total;
    }

    /** dLoss/dZ = P - Y, Y the one-hot labels; each row times its weight. */
    @Override
    public void deltas(Block block, Layer last) {
        for (int c = 0; c < classes; c++) {
            for (int row = 0; row < block.rows(); row++) {
                last.deltas[row * last.stride + c] = probabilities[c * stride + row];
            }
        }
        for (int row = 0; row < block.rows(); row++) {
            last.deltas[row * last.stride + block.label(row)] -= 1f;
        }
        if (block.isWeighted()) {
            last.weighDeltas(block);
        }
    }

    /** The probabilities. */
    @Override
    public float[] outputs(Block block, Layer last) {
        float[] p = new float[block.rows() * classes];
        for (int k = 0; k < p.length; k++) {
            p[k] = probabilities[k % classes * stride + k / classes];
        }
        return p;
    }

    @Override
    public int prediction(int row) {
        return (int) best[row];
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public int correct() {
        return correct;
    }
}
