package dev.kindling.network;

/**
 * The sums of the last layer as they are, with half of the squared error: loss = sum of (z - t)^2 / 2 over the targets t. The
 * half makes dLoss/dz = z - t.
 */
final class SquaredError implements Loss {
    private final int outputs;
    private double loss;

    SquaredError(int outputs) {
        this.outputs = outputs;
    }

    @Override
    public void score(Block block, Layer last) {
        loss = 0;
        for (int row = 0; row < block.rows(); row++) {
            double squares = 0;
            for (int u = 0; u < outputs; u++) {
                double error = (double) last.activations[row * last.stride + u] - block.target(row, u);
                squares += error * error;
            }
            loss += block.weight(row) * squares / 2;
        }
    }

    /** dLoss/dZ = Z - T; each row times its weight. */
    @Override
    public void deltas(Block block, Layer last) {
        for (int row = 0; row < block.rows(); row++) {
            for (int u = 0; u < outputs; u++) {
                int at = row * last.stride + u;
                last.deltas[at] = last.activations[at] - block.target(row, u);
            }
        }
        if (block.isWeighted()) {
            last.weighDeltas(block);
        }
    }

    @Override
    public float[] outputs(Block block, Layer last) {
        float[] z = new float[block.rows() * outputs];
        for (int row = 0; row < block.rows(); row++) {
            System.arraycopy(last.activations, row * last.stride, z, row * outputs, outputs);
        }
        return z;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public int correct() {
        return 0;
    }

    @Override
    public int prediction(int row) {
        return 0;
    }
}
