package dev.kindling.data;

import dev.kindling.error.KindlingException;
import dev.kindling.network.SparseRows;
import java.util.BitSet;
import java.util.List;

/**
 * Places rows by their ids, the numbers from 0 on. A seeded permutation sends each id to a position, which is the key of its
 * row, and a block holds neighbouring positions. Each partition is cut into stretches.
 */
final class IdPlacement extends Placement {
    private static final long serialVersionUID = 1L;

    private final String source;
    private final BlockLayout layout;
    private final RowPermutation permutation;
    private final Stretches stretches;

    /**
     * @param rows how many there are
     * @param features of each
     * @param seed of the permutation
     * @param validationFraction the share that is held out, 0 to below 1
     * @param source for messages
     * @throws KindlingException if none would be left to train on
     */
    IdPlacement(long rows, int features, int partitions, long seed, double validationFraction, String source) {
        this(
                new BlockLayout(rows, validationFraction, source),
                seed,
                partitions,
                Stretches.blocksPerStretch(features),
                source);
    }

    IdPlacement(BlockLayout layout, long seed, int partitions, int blocksPerStretch, String source) {
        this.source = source;
        this.layout = layout;
        this.permutation = new RowPermutation(layout.rows(), seed);
        this.stretches = new Stretches(layout.blocks(), partitions, blocksPerStretch);
    }

    /** The position of the row with this id. */
    long position(long id) {
        return permutation.position(id);
    }

    @Override
    long rows() {
        return layout.rows();
    }

    @Override
    int blocks() {
        return layout.blocks();
    }

    @Override
    long firstRow(int block) {
        return layout.firstRow(block);
    }

    @Override
    BitSet validation() {
        return layout.validation();
    }

    @Override
    long validationRows() {
        return layout.validationRows();
    }

    @Override
    int stretch(long key, boolean isHeldOut) {
        return stretches.of(layout.block(key));
    }

    @Override
    int end(int stretch) {
        return stretches.end(stretch);
    }

    @Override
    int rowsAtATime() {
        return stretches.rows();
    }

    @Override
    Arranged arrange(int stretch, List<Chunk> chunks) {
        long start = firstRow(stretch);
        Arranged arranged = new Arranged((int) (firstRow(end(stretch)) - start));
        for (Chunk chunk : chunks) {
            for (int k = 0; k < chunk.keys().length; k++) {
                int row = (int) (chunk.keys()[k] - start);
                checkOnce(arranged.chunks()[row] == null);
                arranged.put(row, chunk.rows(), k);
            }
        }
        for (SparseRows chunk : arranged.chunks()) {
            checkOnce(chunk != null);
        }
        return arranged;
    }

    private void checkOnce(boolean once) {
        if (!once) {
            throw new KindlingException(
                    source + ": found an id twice or not at all, expected each of 0 to " + (rows() - 1) + " once");
        }
    }

    @Override
    long id(long position) {
        return permutation.id(position);
    }

    @Override
    public int numPartitions() {
        return stretches.partitions();
    }

    @Override
    public int getPartition(Object block) {
        return stretches.partition((Integer) block);
    }
}
