package dev.kindling.evaluation;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.PartialFunction;

/**
 * Leaves to others what {@link NetworkStrategy} need not plan: below a network a projection, which tells a reader of files what
 * columns are wanted, and the conditions that ask no network.
 */
final class NetworkPruning extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformDown(PartialFunction.fromFunction(NetworkPruning::prune));
    }

    private static LogicalPlan prune(LogicalPlan plan) {
        return NetworkStep.of(plan).map(step -> prune(plan, step)).orElse(plan);
    }

    private static LogicalPlan prune(LogicalPlan plan, NetworkStep step) {
        Map<Boolean, List<Expression>> conditions = step.conditions().stream()
                .collect(Collectors.partitioningBy(
                        condition -> NetworkCalls.of(List.of(condition)).isEmpty()));
        LogicalPlan rows = filter(conditions.get(true), step.rows());
        List<Expression> asking = conditions.get(false);
        if (!(plan instanceof Project)) {
            return filter(asking, rows);
        }
        List<Expression> all = Stream.concat(step.columns().stream().map(Expression.class::cast), asking.stream())
                .toList();
        return new Project(Seqs.of(step.columns()), filter(asking, only(AttributeSet.apply(Seqs.of(all)), rows)));
    }

    /** Rows with these columns alone. */
    private static LogicalPlan only(AttributeSet wanted, LogicalPlan rows) {
        List<NamedExpression> columns = List.copyOf(Seqs.list(wanted.toSeq()));
        boolean isDone = rows instanceof Project project
                && Seqs.list(project.projectList()).stream().allMatch(Attribute.class::isInstance);
        return isDone ? rows : new Project(Seqs.of(columns), rows);
    }

    private static LogicalPlan filter(List<Expression> conditions, LogicalPlan rows) {
        return conditions.stream()
                .reduce(And::new)
                .<LogicalPlan>map(all -> new Filter(all, rows))
                .orElse(rows);
    }
}
