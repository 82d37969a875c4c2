package dev.kindling.data;

import dev.kindling.network.SparseRows;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of {@link LabelledRows#SCHEMA}, which are placed by their ids. */
final class IdRows implements PackableRows {
    private final Iterator<InternalRow> rows;
    private final RowDecoder decoder;
    private final IdPlacement placement;
    private InternalRow row;

    IdRows(Iterator<InternalRow> rows, RowDecoder decoder, IdPlacement placement) {
        this.rows = rows;
        this.decoder = decoder;
        this.placement = placement;
    }

    @Override
    public boolean next() {
        row = rows.hasNext() ? rows.next() : null;
        return row != null;
    }

    /** The position of the row. */
    @Override
    public long key() {
        return placement.position(decoder.id(row));
    }

    /** Never: which rows are held out follows from their positions. */
    @Override
    public boolean isHeldOut() {
        return false;
    }

    @Override
    public void addTo(SparseRows packed) {
        decoder.addTo(packed, row);
    }
}
