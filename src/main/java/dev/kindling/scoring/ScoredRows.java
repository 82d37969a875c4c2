package dev.kindling.scoring;

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
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.Seq;

/**
 * Rows with what networks say of them. As many rows are read ahead as go through a network together. What is wrong with a row is
 * thrown when that row is asked for, as nobody may ask for it. A row is good until the next one, as anywhere in Spark.
 */
final class ScoredRows implements Iterator<InternalRow> {
    /** A block takes no more room than this, but for its last row: some rows have a photograph beside their features. */
    private static final long MOST_BYTES = 4L << 20;
    /** A feature is a double, and then a float. */
    private static final int BYTES_OF_FEATURE = Double.BYTES + Float.BYTES;

    private final Iterator<InternalRow> rows;
    private final List<Scorer> scorers;
    private final SQLMetric given;
    private final InternalRow[] block = new InternalRow[RowPredictor.BLOCK];
    /** Shape (networks, rows of the block). */
    private final Object[][] scores;
    /** How many rows the block has, how many of them are scored, and which comes next. */
    private int count;

    private int scored;
    private int next;
    /** Why the row after the block could not be read; null if nothing was wrong with it. */
    private RuntimeException failure;

    private final GenericInternalRow ofRow;
    private final JoinedRow joined = new JoinedRow();

    /**
     * @param calls of the networks
     * @param columns of the rows
     * @param given counts the rows
     */
    ScoredRows(Iterator<InternalRow> rows, List<NetworkExpression> calls, Seq<Attribute> columns, SQLMetric given) {
        this.rows = rows;
        this.scorers = calls.stream().map(call -> Scorer.of(call, columns)).toList();
        this.given = given;
        this.scores = new Object[calls.size()][block.length];
        this.ofRow = new GenericInternalRow(calls.size());
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

        /** Scores rows of a block. */
        void score(InternalRow[] block, int from, int to, Object[] scores) {
            network.score(from, to, r -> features.apply(block[r]).get(0, column), scores);
        }

        long bytes() {
            return (long) BYTES_OF_FEATURE * network.predictor().value().inputs();
        }
    }

    @Override
    public boolean hasNext() {
        return next < count || failure != null || rows.hasNext();
    }

    @Override
    public InternalRow next() {
        if (next == count) {
            read();
        }
        if (next == scored) {
            score(next + 1);
        }
        for (int n = 0; n < scores.length; n++) {
            ofRow.update(n, scores[n][next]);
        }
        given.add(1);
        return joined.apply(block[next++], ofRow);
    }

    private void read() {
        if (failure != null) {
            throw failure;
        }
        if (!rows.hasNext()) {
            throw new NoSuchElementException();
        }
        count = 0;
        next = 0;
        scored = 0;
        try {
            long bytes = 0;
            while (count < block.length && bytes < MOST_BYTES && rows.hasNext()) {
                InternalRow row = rows.next().copy();
                block[count++] = row;
                bytes += bytes(row);
            }
        } catch (RuntimeException e) {
            if (count == 0) {
                throw e;
            }
            failure = e;
        }
        try {
            score(count);
        } catch (RuntimeException e) {
            scored = 0; // now each is scored when it is asked for, and the wrong one throws this again
        }
    }

    private long bytes(InternalRow row) {
        long bytes = row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
        for (Scorer scorer : scorers) {
            bytes += scorer.bytes();
        }
        return bytes;
    }

    /** Scores the rows that are not, up to this one. */
    private void score(int to) {
        for (int n = 0; n < scores.length; n++) {
            scorers.get(n).score(block, scored, to, scores[n]);
        }
        scored = to;
    }
}
