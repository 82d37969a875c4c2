package dev.kindling.data;

import dev.kindling.network.SparseRows;
import java.util.Iterator;
import scala.Tuple2;

/**
 * Rows of which many are equal, with keys by which equal ones go to different blocks. They come in chunks, each with whether its
 * rows are held out.
 */
final class SpreadRows implements PackableRows {
    private final Iterator<Tuple2<Boolean, Chunk>> chunks;
    private Tuple2<Boolean, Chunk> chunk;
    private int row;

    SpreadRows(Iterator<Tuple2<Boolean, Chunk>> chunks) {
        this.chunks = chunks;
    }

    /**
     * Gives the rows of one partition such keys.
     *
     * @param sorted chunks by their stretch, as a shuffle brings them
     */
    static Iterator<Tuple2<Boolean, Chunk>> of(Iterator<Tuple2<Integer, Chunk>> sorted, HashPlacement placement) {
        StretchIterator stretches = new StretchIterator(sorted);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return stretches.hasNext();
            }

            @Override
            public Tuple2<Boolean, Chunk> next() {
                StretchIterator.Stretch stretch = stretches.next();
                return new Tuple2<>(
                        placement.validation().get(stretch.first()),
                        placement.spread(stretch.first(), stretch.chunks()));
            }
        };
    }

    @Override
    public boolean next() {
        row++;
        while ((chunk == null || row == chunk._2.keys().length) && chunks.hasNext()) {
            chunk = chunks.next();
            row = 0;
        }
        return chunk != null && row < chunk._2.keys().length;
    }

    @Override
    public long key() {
        return chunk._2.keys()[row];
    }

    @Override
    public boolean isHeldOut() {
        return chunk._1;
    }

    @Override
    public void addTo(SparseRows packed) {
        packed.add(chunk._2.rows(), row);
    }
}
