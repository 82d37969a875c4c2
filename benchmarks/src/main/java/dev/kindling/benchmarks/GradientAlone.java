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

    GradientAlone(List<Block> blocks, Architecture architecture, float[] parameters) {
        this.blocks = blocks;
        this.architecture = architecture;
        this.parameters = parameters;
    }

    double seconds() {
        return TwoThreads.seconds(this::half);
    }

    private void half(int thread) {
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        float[] gradient = new float[architecture.parameters()];
        ExactSum sum = new ExactSum(architecture.parameters(), (long) blocks.size() * PackedRows.BLOCK_ROWS);
        for (int b = thread; b < blocks.size(); b += 2) {
            network.gradient(blocks.get(b), gradient);
            sum.add(gradient, blocks.get(b).rows());
        }
    }

    /** The multiply-adds of one gradient that no implementation can do without: none with an input of zero. */
    long multiplyAdds() {
        long nonZeros = blocks.stream().mapToLong(Block::nonZeros).sum();
        long rows = blocks.stream().mapToLong(Block::rows).sum();
        // Z = A W and dW = transpose(A) delta for every layer, delta transpose(W) for all but the first.
        long sum = 2 * nonZeros * architecture.units(0);
        for (int l = 1; l < architecture.layers(); l++) {
            sum += 3 * rows * architecture.inputs(l) * architecture.units(l);
        }
        return sum;
    }
}
