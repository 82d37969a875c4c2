package dev.kindling.data;

import dev.kindling.network.Block;
import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * Puts the rows of chunks, which come sorted by stretch, into the numbered blocks of {@link PackedRows}. It holds the
 * chunks of one stretch at a time.
 */
final class BlockIterator implements Iterator<Tuple2<Integer, Block>> {
    private final StretchIterator stretches;
    private final Placement placement;
    private final BlockHashes hashes;
    private int block; // the next
    private int end; // of the stretch, the number of a block
    private long start; // the position of the stretch's first row
    private Arranged rows; // of the stretch

    BlockIterator(Iterator<Tuple2<Integer, Chunk>> sorted, Placement placement, BlockHashes hashes) {
        this.stretches = new StretchIterator(sorted);
        this.placement = placement;
        this.hashes = hashes;
    }

    @Override
    public boolean hasNext() {
        return block < end || stretches.hasNext();
    }

    @Override
    public Tuple2<Integer, Block> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (block == end) {
            StretchIterator.Stretch stretch = stretches.next();
            block = stretch.first();
            end = placement.end(block);
            start = placement.firstRow(block);
            rows = placement.arrange(block, stretch.chunks());
        }
        int first = (int) (placement.firstRow(block) - start);
        int last = (int) (placement.firstRow(block + 1) - start);
        Block result = new Block(rows.rows(first, last));
        hashes.check(block, result);
        return new Tuple2<>(block++, result);
    }
}
