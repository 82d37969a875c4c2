package dev.kindling.data;

import dev.kindling.network.Block;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * Puts the rows of chunks, which come sorted by stretch, into the numbered blocks of {@link PackedRows}. It holds the
 * chunks of one stretch at a time.
 */
final class BlockIterator implements Iterator<Tuple2<Integer, Block>> {
    private final Iterator<Tuple2<Integer, Chunk>> sorted;
    private final Placement placement;
    private final BlockHashes hashes;
    private Tuple2<Integer, Chunk> nextChunk;
    private int block; // the next
    private int end; // of the stretch, the number of a block
    private long start; // the position of the stretch's first row
    private Arranged rows; // of the stretch

    BlockIterator(Iterator<Tuple2<Integer, Chunk>> sorted, Placement placement, BlockHashes hashes) {
        this.sorted = sorted;
        this.placement = placement;
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
        int first = (int) (placement.firstRow(block) - start);
        int last = (int) (placement.firstRow(block + 1) - start);
        Block result = new Block(rows.rows(first, last));
        hashes.check(block, result);
        return new Tuple2<>(block++, result);
    }

    /** Takes in all chunks of the next stretch. */
    private void gather() {
        int stretch = nextChunk._1;
        List<Chunk> chunks = new ArrayList<>();
        for (; nextChunk != null && nextChunk._1 == stretch; advance()) {
            chunks.add(nextChunk._2);
        }
        block = stretch;
        end = placement.end(stretch);
        start = placement.firstRow(block);
        rows = placement.arrange(stretch, chunks);
    }

    private void advance() {
        nextChunk = sorted.hasNext() ? sorted.next() : null;
    }
}
