package dev.kindling.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Seeds;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import scala.Tuple2;

/**
 * What one pass over all packed rows finds; the same for any partitions.
 *
 * @param rows how many there are
 * @param hash the sum of a hash of each row's id and of all that it holds
 * @param nonZeros how many features of all rows are not zero
 * @param denseBlocks how many blocks keep their zeros too
 * @param features the sum of each feature over the blocks that are not held out, each row's times its weight
 * @param weight one number: the sum of these weights
 * @param blockHashes by the number of a partition's first block, the {@link BlockHashes} of its blocks
 * @param outOfRange a feature whose mean over a block is not smaller than {@link ExactSum#LIMIT}, or -1
 */
@DefaultSerializer(JavaSerializer.class)
record Survey(
        long rows,
        long hash,
        long nonZeros,
        int denseBlocks,
        ExactSum features,
        ExactSum weight,
        Map<Integer, long[]> blockHashes,
        int outOfRange)
        implements Serializable {

    /** Surveys the blocks of one partition. */
    static Survey of(Iterator<Tuple2<Integer, Block>> blocks, Placement placement, int features) {
        long found = 0;
        long hash = 0;
        long nonZeros = 0;
        int denseBlocks = 0;
        int outOfRange = -1;
        ExactSum total = new ExactSum(features, placement.rows());
        ExactSum weight = new ExactSum(1, placement.rows());
        float[] sums = new float[features];
        int firstBlock = 0;
        long[] blockHashes = new long[16];
        int count = 0;
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            Block block = numbered._2;
            long first = placement.firstRow(numbered._1);
            long[] hashes = block.hashes();
            firstBlock = count == 0 ? numbered._1 : firstBlock;
            blockHashes = count < blockHashes.length ? blockHashes : Arrays.copyOf(blockHashes, 2 * count);
            blockHashes[count++] = BlockHashes.of(hashes);
            for (int row = 0; row < block.rows(); row++) {
                hash += Seeds.mix(placement.id(first + row), hashes[row]);
            }
            found += block.rows();
            nonZeros += block.nonZeros();
            denseBlocks += block.isDense() ? 1 : 0;
            if (!placement.validation().get(numbered._1)) {
                block.sumFeatures(sums);
                outOfRange = Math.max(outOfRange, total.add(sums, block.rows()));
                weight.add(new float[] {(float) block.totalWeight()}, block.rows());
            }
        }
        Map<Integer, long[]> ofPartition = new HashMap<>();
        if (count > 0) {
            ofPartition.put(firstBlock, Arrays.copyOf(blockHashes, count));
        }
        return new Survey(found, hash, nonZeros, denseBlocks, total, weight, ofPartition, outOfRange);
    }

    /** Both together; adds to this one's sums and hashes. */
    Survey plus(Survey other) {
        features.add(other.features);
        weight.add(other.weight);
        blockHashes.putAll(other.blockHashes);
        return new Survey(
                rows + other.rows,
                hash + other.hash,
                nonZeros + other.nonZeros,
                denseBlocks + other.denseBlocks,
                features,
                weight,
                blockHashes,
                Math.max(outOfRange, other.outOfRange));
    }

    /** Shape (blocks): the hash of each. */
    long[] hashesOfAllBlocks() {
        long[] all = new long
                [blockHashes.values().stream().mapToInt(part -> part.length).sum()];
        blockHashes.forEach((first, part) -> System.arraycopy(part, 0, all, first, part.length));
        return all;
    }

    /** 16 hex digits. */
    String fingerprint() {
        return HexFormat.of().toHexDigits(hash);
    }

    /**
     * Shape (features): the mean of each over the blocks that are not held out, by the rows' weights.
     *
     * @param source for the message
     * @throws KindlingException if a feature is too large to be summed exactly
     */
    double[] featureMean(String source) {
        if (outOfRange >= 0) {
            throw new KindlingException(source + ": found values of feature " + outOfRange + " beyond " + ExactSum.LIMIT
                    + ", expected a size near 1: scale the features first");
        }
        return features.mean(weight.sum(0));
    }
}
