package dev.kindling.scoring;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * What networks say of rows, block by block: an operator that adds a column for each. {@link NetworkStrategy} says when it takes the
 * place of a {@link NetworkExpression}, which goes row by row and gives the same bits.
 *
 * <p>Spark copies a plan by its constructor, from the elements that it has as a {@link scala.Product}.
 */
public final class NetworkExec extends SparkPlan {
    private static final long serialVersionUID = 1L;

    private static final String GIVEN = "numOutputRows";

    private final Seq<NetworkExpression> calls;
    private final Seq<Attribute> scores;
    private final SparkPlan child;
    /** For the Spark UI. */
    private final Map<String, SQLMetric> metrics;

    /**
     * @param calls of networks, with features that the child has or that follow from what it has
     * @param scores the columns to add, one for each call
     * @param child has the rows
     */
    public NetworkExec(Seq<NetworkExpression> calls, Seq<Attribute> scores, SparkPlan child) {
        this.calls = calls;
        this.scores = scores;
        this.child = child;
        this.metrics = new Map.Map1<>(GIVEN, SQLMetrics.createMetric(sparkContext(), "number of output rows"));
    }

    @Override
    public Map<String, SQLMetric> metrics() {
        return metrics;
    }

    @Override
    public RDD<InternalRow> doExecute() {
        List<NetworkExpression> ofRows = Seqs.list(calls);
        Seq<Attribute> columns = child.output();
        SQLMetric given = longMetric(GIVEN);
        return child.execute()
                .toJavaRDD()
                .mapPartitions(rows -> new ScoredRows(rows, ofRows, columns, given), true)
                .rdd();
    }

    @Override
    public Seq<Attribute> output() {
        return Seqs.of(Stream.concat(Seqs.list(child.output()).stream(), Seqs.list(scores).stream())
                .toList());
    }

    @Override
    public AttributeSet producedAttributes() {
        List<Expression> produced = List.copyOf(Seqs.list(scores));
        return AttributeSet.apply(Seqs.of(produced));
    }

    @Override
    public Partitioning outputPartitioning() {
        return child.outputPartitioning();
    }

    @Override
    public Seq<SortOrder> outputOrdering() {
        return child.outputOrdering();
    }

    @Override
    public Seq<SparkPlan> children() {
        return Seqs.one(child);
    }

    @Override
    public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
        return new NetworkExec(calls, scores, children.head());
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int n) {
        return List.of(calls, scores, child).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NetworkExec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkExec that
                && IntStream.range(0, productArity())
                        .allMatch(n -> productElement(n).equals(that.productElement(n)));
    }

    @Override
    public int hashCode() {
        return List.of(calls, scores, child).hashCode();
    }
}
