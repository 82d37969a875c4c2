package dev.kindling.data;

import dev.kindling.network.SparseRows;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import scala.Tuple2;

/**
 * Collects the rows of one task into chunks, each with its stretch: a shuffle of few large records costs a fraction of
 * one of many small ones. The task holds as many rows at a time as a stretch has, however many it reads.
 */
final class ChunkIterator implements Iterator<Tuple2<Integer, Chunk>> {
    private final PackableRows rows;
    private final Placement placement;
    private final SparseRows none;
    private final Map<Integer, Chunk.Builder> builders = new HashMap<>();
    private Iterator<Map.Entry<Integer, Chunk.Builder>> ready =
            builders.entrySet().iterator();

    private boolean hasRow;

    /** @param none no rows, of the shape of those to come */
    ChunkIterator(PackableRows rows, Placement placement, SparseRows none) {
        this.rows = rows;
        this.placement = placement;
        this.none = none;
        this.hasRow = rows.next();
    }

    @Override
    public boolean hasNext() {
        return ready.hasNext() || hasRow;
    }

    @Override
    public Tuple2<Integer, Chunk> next() {
        if (!ready.hasNext()) {
            fill();
        }
        Map.Entry<Integer, Chunk.Builder> next = ready.next();
        Tuple2<Integer, Chunk> chunk =
                new Tuple2<>(next.getKey(), next.getValue().build());
        ready.remove(); // and free its memory
        return chunk;
    }

    private void fill() {
        for (int held = 0; held < placement.rowsAtATime() && hasRow; held++) {
            int stretch = placement.stretch(rows.key(), rows.isHeldOut());
            builders.computeIfAbsent(stretch, first -> new Chunk.Builder(none.another()))
                    .add(rows);
            hasRow = rows.next();
        }
        ready = builders.entrySet().iterator();
    }
}
