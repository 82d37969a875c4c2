package dev.kindling.data;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Collects the rows of one task into chunks, each with its stretch: a shuffle of few large records costs a fraction of
 * one of many small ones. The task holds as many rows at a time as a stretch has, however many it reads.
 */
final class ChunkIterator implements Iterator<Tuple2<Integer, Chunk>> {
    private final Iterator<InternalRow> rows;
    private final RowDecoder decoder;
    private final RowPermutation permutation;
    private final BlockLayout layout;
    private final Stretches stretches;
    private final int features;
    private final Map<Integer, Chunk.Builder> builders = new HashMap<>();
    private Iterator<Map.Entry<Integer, Chunk.Builder>> ready =
            builders.entrySet().iterator();

    ChunkIterator(
            Iterator<InternalRow> rows,
            RowDecoder decoder,
            RowPermutation permutation,
            BlockLayout layout,
            Stretches stretches,
            int features) {
        this.rows = rows;
        this.decoder = decoder;
        this.permutation = permutation;
        this.layout = layout;
        this.stretches = stretches;
        this.features = features;
    }

    @Override
    public boolean hasNext() {
        return ready.hasNext() || rows.hasNext();
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
        for (int held = 0; held < stretches.rows() && rows.hasNext(); held++) {
            InternalRow row = rows.next();
            long position = permutation.position(decoder.id(row));
            int stretch = stretches.of(layout.block(position));
            builders.computeIfAbsent(stretch, first -> new Chunk.Builder(decoder, features))
                    .add(position, row);
        }
        ready = builders.entrySet().iterator();
    }
}
