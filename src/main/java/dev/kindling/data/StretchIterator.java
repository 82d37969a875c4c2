package dev.kindling.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import scala.Tuple2;

/** The chunks of one stretch after the other, from chunks that come sorted by stretch. */
final class StretchIterator implements Iterator<StretchIterator.Stretch> {
    private final Iterator<Tuple2<Integer, Chunk>> sorted;
    private Tuple2<Integer, Chunk> nextChunk;

    StretchIterator(Iterator<Tuple2<Integer, Chunk>> sorted) {
        this.sorted = sorted;
        advance();
    }

    /**
     * All chunks of a stretch.
     *
     * @param first the number of its first block
     */
    record Stretch(int first, List<Chunk> chunks) {}

    @Override
    public boolean hasNext() {
        return nextChunk != null;
    }

    @Override
    public Stretch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int first = nextChunk._1;
        List<Chunk> chunks = new ArrayList<>();
        for (; nextChunk != null && nextChunk._1 == first; advance()) {
            chunks.add(nextChunk._2);
        }
        return new Stretch(first, chunks);
    }

    private void advance() {
        nextChunk = sorted.hasNext() ? sorted.next() : null;
    }
}
