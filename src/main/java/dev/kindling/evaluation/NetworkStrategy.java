package dev.kindling.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/**
 * Tells Spark's planner how rows go through a network together: in a {@link NetworkStep}, {@link NetworkExec} takes the place of
 * {@link NetworkExpression}s. To Spark's optimizer, which comes before, they are expressions like others. A planner that has not been
 * told plans what goes row by row.
 */
final class NetworkStrategy extends SparkStrategy {
    private NetworkStrategy() {}

    /** Tells the planner of a session, once. */
    static synchronized void addTo(SparkSession spark) {
        ExperimentalMethods planner = ((org.apache.spark.sql.classic.SparkSession) spark).experimental();
        List<SparkStrategy> strategies = Seqs.list(planner.extraStrategies());
        if (strategies.stream().noneMatch(NetworkStrategy.class::isInstance)) {
            List<Rule<LogicalPlan>> rules = Seqs.list(planner.extraOptimizations());
            planner.extraOptimizations_$eq(Seqs.of(Stream.concat(rules.stream(), Stream.of(new NetworkPruning()))
                    .toList()));
            planner.extraStrategies_$eq(Seqs.of(Stream.concat(strategies.stream(), Stream.of(new NetworkStrategy()))
                    .toList()));
        }
    }

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        return NetworkStep.of(plan).map(step -> Seqs.one(planned(step))).orElseGet(() -> Seqs.of(List.of()));
    }

    private SparkPlan planned(NetworkStep step) {
        NetworkCalls calls = step.calls();
        SparkPlan scored = new NetworkExec(Seqs.of(calls.calls()), Seqs.of(calls.scores()), planLater(step.rows()));
        Optional<Expression> condition =
                step.conditions().stream().map(calls::replaceIn).reduce(And::new);
        List<NamedExpression> columns = step.columns().stream()
                .map(column -> (NamedExpression) calls.replaceIn((Expression) column))
                .toList();
        return new ProjectExec(
                Seqs.of(columns),
                condition.<SparkPlan>map(all -> new FilterExec(all, scored)).orElse(scored));
    }
}
