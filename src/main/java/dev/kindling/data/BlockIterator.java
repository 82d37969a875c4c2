package dev.kindling.data;

import dev.kindling.KindlingException;
import dev.kindling.network.Block;
import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/** Folds one-row blocks, sorted by position, into the numbered blocks of {@link PackedRows}, one at a time. */
final class BlockIterator implements Iterator<Tuple2<Integer, Block>> {
    private final Iterator<Tuple2<Long, Block>> sorted;
    private final String source;
    private final long rows;
    private final int features;
    private Tuple2<Long, Block> next;

    BlockIterator(Iterator<Tuple2<Long, Block>> sorted, String source, long rows, int features) {
        this.sorted = sorted;
        this.source = source;
        this.rows = rows;
        this.features = features;
        advance();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Tuple2<Integer, Block> next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        long number = next._1 / PackedRows.BLOCK_ROWS;
        long end = Math.min((number + 1) * PackedRows.BLOCK_ROWS, rows);
        Block.Builder block = new Block.Builder(features);
        for (long position = number * PackedRows.BLOCK_ROWS; position < end; position++) {
            if (next == null || next._1 != position) {
                throw new KindlingException(
                        source + ": ids are missing or doubled, expected each of 0 to " + (rows - 1) + " once");
            }
            block.add(next._2);
            advance();
        }
        return new Tuple2<>((int) number, block.build());
    }

    private void advance() {
        next = sorted.hasNext() ? sorted.next() : null;
    }
}
