package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.ludovic.netlib.blas.BLAS;
import java.util.List;

/** The same gradient by dense products of 256 rows: what a program on netlib alone does. Two threads, no Spark. */
public final class DenseGradient {
    private static final int ROWS = PackedRows.BLOCK_ROWS;

    private final BLAS blas;
    private final List<Block> blocks;
    private final Architecture architecture;
    private final float[] parameters;
    /** Shape (blocks, rows, inputs): X. */
    private final float[][] inputs;
    /** Shape (2, layers, rows, units): for each thread A, at the end P. */
    private final float[][][] activations;
    /** The same shape: for each thread dLoss/dZ. */
    private final float[][][] deltas;

    public DenseGradient(BLAS blas, List<Block> blocks, Architecture architecture, float[] parameters) {
        this.blas = blas;
        this.blocks = blocks;
        this.architecture = architecture;
        this.parameters = parameters;
        this.inputs = new float[blocks.size()][];
        for (int b = 0; b < blocks.size(); b++) {
            inputs[b] = new float[blocks.get(b).rows() * architecture.inputs()];
            blocks.get(b).unpack(inputs[b]);
        }
        this.activations = new float[2][architecture.layers()][];
        this.deltas = new float[2][architecture.layers()][];
        for (int thread = 0; thread < 2; thread++) {
            for (int l = 0; l < architecture.layers(); l++) {
                activations[thread][l] = new float[ROWS * architecture.units(l)];
                deltas[thread][l] = new float[ROWS * architecture.units(l)];
            }
        }
    }

    double seconds() {
        return TwoThreads.seconds(thread -> half(thread, new float[architecture.parameters()]));
    }

    /** Adds the gradient of every second block to {@code gradient}: of those of a thread, 0 or 1. */
    void half(int thread, float[] gradient) {
        for (int b = thread; b < blocks.size(); b += 2) {
            add(thread, b, gradient);
        }
    }

    /** Adds the gradient of block {@code b} to {@code gradient}, with the scratch space of a thread, 0 or 1. */
    public void add(int thread, int b, float[] gradient) {
        int rows = blocks.get(b).rows();
        float[][] a = activations[thread];
        float[][] delta = deltas[thread];
        int last = architecture.layers() - 1;
        for (int l = 0; l <= last; l++) {
            int units = architecture.units(l);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(parameters, architecture.biases(l), a[l], row * units, units);
            }
            float[] x = l == 0 ? inputs[b] : a[l - 1];
            int n = architecture.inputs(l);
            blas.sgemm(
                    "N",
                    "N",
                    units,
                    rows,
                    n,
                    1f,
                    parameters,
                    architecture.weights(l),
                    units,
                    x,
                    0,
                    n,
                    1f,
                    a[l],
                    0,
                    units);
            if (l < last) {
                for (int k = 0; k < rows * units; k++) {
                    a[l][k] = Math.max(a[l][k], 0f);
                }
            }
        }
        softmax(blocks.get(b), a[last], delta[last]);
        for (int l = last; l >= 0; l--) {
            int units = architecture.units(l);
            int n = architecture.inputs(l);
            float[] x = l == 0 ? inputs[b] : a[l - 1];
            blas.sgemm(
                    "N",
                    "T",
                    units,
                    n,
                    rows,
                    1f,
                    delta[l],
                    0,
                    units,
                    x,
                    0,
                    n,
                    1f,
                    gradient,
                    architecture.weights(l),
                    units);
            for (int k = 0; k < rows * units; k++) {
                gradient[architecture.biases(l) + k % units] += delta[l][k];
            }
            if (l > 0) {
                blas.sgemm(
                        "T",
                        "N",
                        n,
                        rows,
                        units,
                        1f,
                        parameters,
                        architecture.weights(l),
                        units,
                        delta[l],
                        0,
                        units,
                        0f,
                        delta[l - 1],
                        0,
                        n);
                for (int k = 0; k < rows * n; k++) {
                    delta[l - 1][k] = a[l - 1][k] > 0 ? delta[l - 1][k] : 0f;
                }
            }
        }
    }

    /** Logits to probabilities, and delta = P - Y. */
    private void softmax(Block block, float[] z, float[] delta) {
        int classes = architecture.classes();
        for (int row = 0; row < block.rows(); row++) {
            int first = row * classes;
            float max = z[first];
            for (int c = 1; c < classes; c++) {
                max = Math.max(max, z[first + c]);
            }
            float sum = 0;
            for (int c = 0; c < classes; c++) {
                z[first + c] = (float) Math.exp(z[first + c] - max);
                sum += z[first + c];
            }
            for (int c = 0; c < classes; c++) {
                z[first + c] /= sum;
                delta[first + c] = z[first + c] - (block.label(row) == c ? 1 : 0);
            }
        }
    }
}
