package dev.kindling.evaluation;

import dev.kindling.network.RowPredictor;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.Seq;

/**
 * Rows with what networks say of them. As many rows are read ahead as go through a network together. A row is good until the next
 * one, as anywhere in Spark.
 */
final class ScoredRows implements Iterator<InternalRow> {
    /** Rows take no more room than this, but for the last: some have a photograph beside their features. */
    private static final long MOST_BYTES = 4L << 20;

    private final Iterator<InternalRow> rows;
    private final List<Scorer> scorers;

    private final InternalRow[] block = new InternalRow[RowPredictor.BLOCK];
    /** Shape (networks, rows of the block). */
    private final Object[][] scores;

    private final JoinedRow joined = new JoinedRow();
    private int count;
    private int next;

    /**
     * @param calls of the networks
     * @param columns of the rows
     */
    ScoredRows(Iterator<InternalRow> rows, List<NetworkExpression> calls, Seq<Attribute> columns) {
        this.rows = rows;
        this.scorers = calls.stream().map(call -> Scorer.of(call, columns)).toList();
        this.scores = new Object[scorers.size()][];
    }

    /**
     * A network at work.
     *
     * @param features gives those of a row, as one column
     * @param column that column
     */
    private record Scorer(RowScorer network, UnsafeProjection features, DataType column) {
        static Scorer of(NetworkExpression call, Seq<Attribute> columns) {
            Expression column = call.all();
            return new Scorer(
                    call.typed(column), UnsafeProjection.create(Seqs.one(column), columns), column.dataType());
        }

        Object[] score(InternalRow[] block, int count) {
            return network.score(count, r -> features.apply(block[r]).get(0, column));
        }
    }

    @Override
    public boolean hasNext() {
        return next < count || rows.hasNext();
    }

    @Override
    public InternalRow next() {
        if (next == count) {
            read();
        }
        Object[] ofRow = new Object[scores.length];
        for (int n = 0; n < ofRow.length; n++) {
            ofRow[n] = scores[n][next];
        }
        return joined.apply(block[next++], new GenericInternalRow(ofRow));
    }

    private void read() {
        if (!rows.hasNext()) {
            throw new NoSuchElementException();
        }
        count = 0;
        next = 0;
        long bytes = 0;
        while (count < block.length && bytes < MOST_BYTES && rows.hasNext()) {
            InternalRow row = rows.next().copy();
            block[count++] = row;
            bytes += row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
        }
        for (int n = 0; n < scores.length; n++) {
            scores[n] = scorers.get(n).score(block, count);
        }
    }
}
