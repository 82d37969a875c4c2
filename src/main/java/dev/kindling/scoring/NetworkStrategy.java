package dev.kindling.scoring;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.Metadata;
import scala.collection.immutable.Seq;

/**
 * Tells Spark's planner how rows go through a network together: {@link NetworkExec} below a projection takes the place of the calls
 * that {@link NetworkRule} has found. A planner that has not been told of both plans what goes row by row.
 */
final class NetworkStrategy extends SparkStrategy {
    private NetworkStrategy() {}

    /** Tells the planner of a session, once. */
    static synchronized void addTo(SparkSession spark) {
        ExperimentalMethods planner = ((org.apache.spark.sql.classic.SparkSession) spark).experimental();
        List<Rule<LogicalPlan>> rules = Seqs.list(planner.extraOptimizations());
        if (rules.stream().noneMatch(NetworkRule.class::isInstance)) {
            planner.extraOptimizations_$eq(Seqs.of(
                    Stream.concat(rules.stream(), Stream.of(new NetworkRule())).toList()));
        }
        List<SparkStrategy> strategies = Seqs.list(planner.extraStrategies());
        if (strategies.stream().noneMatch(NetworkStrategy.class::isInstance)) {
            planner.extraStrategies_$eq(Seqs.of(Stream.concat(strategies.stream(), Stream.of(new NetworkStrategy()))
                    .toList()));
        }
    }

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (!(plan instanceof Project project)) {
            return Seqs.of(List.of());
        }
        List<NetworkExpression> calls =
                NetworkCalls.ofEachRow(Seqs.list(project.expressions()), NetworkExpression::isOfBlocks);
        if (calls.isEmpty()) {
            return Seqs.of(List.of());
        }
        List<Attribute> scores = calls.stream().map(NetworkStrategy::column).toList();
        List<NamedExpression> columns = Seqs.list(project.expressions()).stream()
                .map(column -> (NamedExpression) NetworkCalls.replace(column, calls, scores))
                .toList();
        SparkPlan scored = new NetworkExec(Seqs.of(calls), Seqs.of(scores), planLater(project.child()));
        return Seqs.one(new ProjectExec(Seqs.of(columns), scored));
    }

    private static Attribute column(NetworkExpression call) {
        return new AttributeReference(
                call.prettyName(),
                call.dataType(),
                call.nullable(),
                Metadata.empty(),
                NamedExpression.newExprId(),
                Seqs.of(List.of()));
    }
}
