package dev.kindling.evaluation;

import dev.kindling.data.LabelledRows;
import dev.kindling.data.PackedRows;
import dev.kindling.data.RowDecoder;
import dev.kindling.network.Architecture;
import dev.kindling.network.Block;
import dev.kindling.network.SparseRows;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The rows of a partition as blocks, in the order in which they come. They are for one pass, so they are neither
 * shuffled nor kept.
 */
final class RowBlocks implements Iterator<RowBlocks.NumberedBlock> {
    private final Iterator<InternalRow> rows;
    private final RowDecoder decoder;
    private final int features;

    private RowBlocks(Iterator<InternalRow> rows, RowDecoder decoder, int features) {
        this.rows = rows;
        this.decoder = decoder;
        this.features = features;
    }

    /**
     * A block and the ids of its rows.
     *
     * @param ids one for each row
     * @param block up to {@link PackedRows#BLOCK_ROWS} rows
     */
    record NumberedBlock(List<Long> ids, Block block) {}

    /**
     * Applies a function to the blocks of each partition, lazily, as Spark does.
     *
     * @param function takes the number of the partition and its blocks
     * @throws dev.kindling.error.KindlingException if the rows do not fit the network
     */
    static <T> JavaRDD<T> mapPartitions(
            LabelledRows source,
            Architecture architecture,
            Function2<Integer, Iterator<NumberedBlock>, Iterator<T>> function) {
        PackedRows.checkFit(source, architecture);
        RowDecoder decoder = new RowDecoder(source.source(), source.count(), architecture);
        int features = architecture.inputs();
        return source.internalRows()
                .mapPartitionsWithIndex(
                        (partition, rows) -> function.call(partition, new RowBlocks(rows, decoder, features)), true);
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public NumberedBlock next() {
        List<Long> ids = new ArrayList<>();
        SparseRows packed = new SparseRows(features);
        while (rows.hasNext() && packed.count() < PackedRows.BLOCK_ROWS) {
            InternalRow row = rows.next();
            ids.add(decoder.id(row));
            decoder.addTo(packed, row);
        }
        return new NumberedBlock(ids, new Block(packed));
    }
}
