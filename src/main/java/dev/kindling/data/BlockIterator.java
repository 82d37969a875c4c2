package dev.kindling.data;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * Puts the rows of chunks, which come sorted by stretch, into the numbered blocks of {@link PackedRows}. It holds the
 * chunks of one stretch at a time.
 */
final class BlockIterator implements Iterator<Tuple2<Integer, Block>> {
    private final Iterator<Tuple2<Integer, Chunk>> sorted;
    private final Stretches stretches;
    private final BlockLayout layout;
    private final String source;
    private final int features;
    private final BlockHashes hashes;
    private Tuple2<Integer, Chunk> nextChunk;
    private int block; // the next
    private int end; // of the stretch, the number of a block
    private long start; // the position of the stretch's first row
    private SparseRows[] chunks; // the chunk of each row of the stretch, in order
    private int[] rowInChunk; // and which row of it that is

    BlockIterator(
            Iterator<Tuple2<Integer, Chunk>> sorted,
            Stretches stretches,
            BlockLayout layout,
            String source,
            int features,
            BlockHashes hashes) {
        this.sorted = sorted;
        this.stretches = stretches;
        this.layout = layout;
        this.source = source;
        this.features = features;
        this.hashes = hashes;
        advance();
    }

    @Override
    public boolean hasNext() {
        return block < end || nextChunk != null;
    }

    @Override
    public Tuple2<Integer, Block> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (block == end) {
            gather();
        }
        int first = (int) (layout.firstRow(block) - start);
        int last = (int) (layout.firstRow(block + 1) - start);
        check(chunks[first] != null);
        SparseRows packed = new SparseRows(features, chunks[first].targets());
        for (int row = first; row < last; row++) {
            check(chunks[row] != null);
            packed.add(chunks[row], rowInChunk[row]);
        }
        Block result = new Block(packed);
        hashes.check(block, result);
        return new Tuple2<>(block++, result);
    }

    /** Takes in all chunks of the next stretch. */
    private void gather() {
        int stretch = nextChunk._1;
        block = stretch;
        end = stretches.end(stretch);
        start = layout.firstRow(block);
        chunks = new SparseRows[(int) (layout.firstRow(end) - start)];
        rowInChunk = new int[chunks.length];
        for (; nextChunk != null && nextChunk._1 == stretch; advance()) {
            long[] positions = nextChunk._2.positions();
            for (int k = 0; k < positions.length; k++) {
                int row = (int) (positions[k] - start);
                check(chunks[row] == null);
                chunks[row] = nextChunk._2.rows();
                rowInChunk[row] = k;
            }
        }
    }

    private void check(boolean once) {
        if (!once) {
            throw new KindlingException(source + ": found an id twice or not at all, expected each of 0 to "
                    + (layout.rows() - 1) + " once");
        }
    }

    private void advance() {
        nextChunk = sorted.hasNext() ? sorted.next() : null;
    }
}
