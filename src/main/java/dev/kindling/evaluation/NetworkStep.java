package dev.kindling.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/**
 * A step of a query in which rows go through networks together: a projection, a filter, or a projection of what a filter lets
 * through, which asks nothing that the filter has not asked.
 *
 * @param calls what is asked
 * @param columns what the step gives
 * @param conditions what the filter asks of a row, all of which must hold; without a filter there are none
 * @param rows where they come from
 */
record NetworkStep(NetworkCalls calls, List<NamedExpression> columns, List<Expression> conditions, LogicalPlan rows) {
    /** The step at the top of a plan; empty if it is none. */
    static Optional<NetworkStep> of(LogicalPlan plan) {
        if (plan.isStreaming()) {
            // Where rows come one by one, those that came would wait for others.
            return Optional.empty();
        }
        if (plan instanceof Filter filter) {
            return filtered(List.copyOf(Seqs.list(filter.output())), filter);
        }
        if (!(plan instanceof Project project)) {
            return Optional.empty();
        }
        List<NamedExpression> columns = Seqs.list(project.projectList());
        NetworkCalls calls =
                NetworkCalls.of(columns.stream().map(Expression.class::cast).toList());
        if (project.child() instanceof Filter filter) {
            Optional<NetworkStep> both = filtered(columns, filter).filter(step -> calls.areAmong(step.calls));
            if (both.isPresent()) {
                return both;
            }
        }
        return calls.isEmpty()
                ? Optional.empty()
                : Optional.of(new NetworkStep(calls, columns, List.of(), project.child()));
    }

    private static Optional<NetworkStep> filtered(List<NamedExpression> columns, Filter filter) {
        List<Expression> conditions = conjuncts(filter.condition()).toList();
        NetworkCalls calls = NetworkCalls.of(conditions);
        return calls.isEmpty()
                ? Optional.empty()
                : Optional.of(new NetworkStep(calls, columns, conditions, filter.child()));
    }

    private static Stream<Expression> conjuncts(Expression condition) {
        return condition instanceof And and
                ? Stream.concat(conjuncts(and.left()), conjuncts(and.right()))
                : Stream.of(condition);
    }
}
