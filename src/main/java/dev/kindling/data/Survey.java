package dev.kindling.data;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.ExactSum;
import dev.kindling.network.Seeds;
import java.io.Serializable;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Iterator;
import scala.Tuple2;

/**
 * What one pass over all packed rows finds; the same for any partitions.
 *
 * @param rows how many there are
 * @param hash the sum of a hash of each row's id, label and features
 * @param nonZeros how many features of all rows are not zero
 * @param denseBlocks how many blocks keep their zeros too
 * @param features the sum of each feature over the blocks that are not held out
 * @param outOfRange a feature whose mean over a block is not smaller than {@link ExactSum#LIMIT}, or -1
 */
record Survey(long rows, long hash, long nonZeros, int denseBlocks, ExactSum features, int outOfRange)
        implements Serializable {

    /** Surveys the blocks of one partition. */
    static Survey of(
            Iterator<Tuple2<Integer, Block>> blocks,
            RowPermutation permutation,
            long rows,
            int features,
            BitSet validation) {
        long found = 0;
        long hash = 0;
        long nonZeros = 0;
        int denseBlocks = 0;
        int outOfRange = -1;
        ExactSum total = new ExactSum(features, rows);
        float[] sums = new float[features];
        while (blocks.hasNext()) {
            Tuple2<Integer, Block> numbered = blocks.next();
            Block block = numbered._2;
            long first = (long) numbered._1 * PackedRows.BLOCK_ROWS;
            long[] hashes = block.hashes();
            for (int row = 0; row < block.rows(); row++) {
                hash += Seeds.mix(permutation.id(first + row), hashes[row]);
            }
            found += block.rows();
            nonZeros += block.nonZeros();
            denseBlocks += block.isDense() ? 1 : 0;
            if (!validation.get(numbered._1)) {
                block.sumFeatures(sums);
                outOfRange = Math.max(outOfRange, total.add(sums, block.rows()));
            }
        }
        return new Survey(found, hash, nonZeros, denseBlocks, total, outOfRange);
    }

    /** Both together; adds to this one's sums. */
    Survey plus(Survey other) {
        features.add(other.features);
        return new Survey(
                rows + other.rows,
                hash + other.hash,
                nonZeros + other.nonZeros,
                denseBlocks + other.denseBlocks,
                features,
                Math.max(outOfRange, other.outOfRange));
    }

    /** 16 hex digits. */
    String fingerprint() {
        return HexFormat.of().toHexDigits(hash);
    }

    /**
     * Shape (features): the mean of each.
     *
     * @param source for the message
     * @param trainingRows how many rows there are in those blocks
     * @throws KindlingException if a feature is too large to be summed exactly
     */
    double[] featureMean(String source, long trainingRows) {
        if (outOfRange >= 0) {
            throw new KindlingException(source + ": found values of feature " + outOfRange + " beyond " + ExactSum.LIMIT
                    + ", expected a size near 1: scale the features first");
        }
        return features.mean(trainingRows);
    }
}
