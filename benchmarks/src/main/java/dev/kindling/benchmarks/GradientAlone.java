package dev.kindling.benchmarks;

import dev.kindling.data.PackedRows;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Network;
import java.util.Arrays;
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
        long pixels = 0;
        long[] active = new long[architecture.hiddenUnits()];
        Network network = new Network(architecture, parameters, PackedRows.BLOCK_ROWS);
        for (Block block : blocks) {
            pixels += block.nonZeros();
            network.evaluate(block);
            network.addActive(active);
        }
        // Z = A W and dW = transpose(A) delta for every layer; delta transpose(W) for all but the first, and only
        // for those units below that are above zero.
        long sum = 2 * pixels * architecture.units(0);
        int first = 0;
        for (int l = 1; l < architecture.layers(); l++) {
            long inputs =
                    Arrays.stream(active, first, first + architecture.inputs(l)).sum();
            sum += 3 * inputs * architecture.units(l);
            first += architecture.inputs(l);
        }
        return sum;
    }
}
