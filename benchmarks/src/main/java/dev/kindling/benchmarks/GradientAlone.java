package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Network;
import java.util.List;

/** Kindling's gradient over all blocks on two threads, each block added to an exact sum as in training; no Spark. */
final class GradientAlone {
    private final List<Block> blocks;
    private final Architecture architecture;
    private final float[] parameters;
    private final Network[] networks = new Network[2];
    /** Shape (2, parameters). */
    private final float[][] gradients;

    GradientAlone(List<Block> blocks, Architecture architecture, float[] parameters) {
        this.blocks = blocks;
        this.architecture = architecture;
        this.parameters = parameters;
        this.gradients = new float[2][architecture.parameters()];
        for (int thread = 0; thread < 2; thread++) {
            networks[thread] = new Network(architecture, PackedRows.BLOCK_ROWS);
        }
    }

    double seconds() {
        return TwoThreads.seconds(this::half);
    }

    private void half(int thread) {
        ExactSum sum = new ExactSum(architecture.parameters(), (long) blocks.size() * PackedRows.BLOCK_ROWS);
        for (int b = thread; b < blocks.size(); b += 2) {
            networks[thread].gradient(parameters, blocks.get(b), gradients[thread]);
            sum.add(gradients[thread], blocks.get(b).rows());
        }
    }

    /** The multiply-adds of one gradient that no implementation can do without: none with an input of zero. */
    long multiplyAdds() {
        long nonZeros = 0;
        long rows = 0;
        float[] dense = new float[PackedRows.BLOCK_ROWS * architecture.inputs()];
        for (Block block : blocks) {
            block.unpack(dense);
            rows += block.rows();
            for (int k = 0; k < block.rows() * architecture.inputs(); k++) {
                nonZeros += dense[k] == 0f ? 0 : 1;
            }
        }
        // Z = A W and dW = transpose(A) delta for every layer, delta transpose(W) for all but the first.
        long sum = 2 * nonZeros * architecture.units(0);
        for (int l = 1; l < architecture.layers(); l++) {
            sum += 3 * rows * architecture.inputs(l) * architecture.units(l);
        }
        return sum;
    }
}
