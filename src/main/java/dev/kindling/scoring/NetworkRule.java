package dev.kindling.scoring;

import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LeafNode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.PartialFunction;

/**
 * Says which calls of networks {@link NetworkStrategy} plans for many rows together: those that the projections of a query make for each
 * row, if the network gains from it. It comes last in Spark's optimizer, which so has seen expressions like others.
 */
final class NetworkRule extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        // Where rows come one by one, those that came would wait for others. And the file that is read is that of the
        // last row.
        return plan.isStreaming() || hasFileOfRow(plan)
                ? plan
                : plan.transformDown(PartialFunction.fromFunction(NetworkRule::together));
    }

    private static boolean hasFileOfRow(LogicalPlan plan) {
        return anyMatch(Seqs.list(plan.expressions()), NetworkRule::isFileOfRow)
                || Seqs.list(plan.children()).stream().anyMatch(NetworkRule::hasFileOfRow);
    }

    private static boolean anyMatch(List<Expression> expressions, Predicate<Expression> condition) {
        return expressions.stream()
                .anyMatch(expression ->
                        condition.test(expression) || anyMatch(Seqs.list(expression.children()), condition));
    }

    private static boolean isFileOfRow(Expression expression) {
        return expression instanceof InputFileName
                || expression instanceof InputFileBlockStart
                || expression instanceof InputFileBlockLength;
    }

    private static LogicalPlan together(LogicalPlan plan) {
        if (!(plan instanceof Project project)) {
            return plan;
        }
        List<NetworkExpression> calls = NetworkCalls.ofEachRow(
                Seqs.list(project.expressions()), call -> !call.isOfBlocks() && call.gainsFromBlocks());
        if (calls.isEmpty()) {
            return plan;
        }
        List<NetworkExpression> ofBlocks =
                calls.stream().map(NetworkExpression::ofBlocks).toList();
        List<NamedExpression> columns = Seqs.list(project.expressions()).stream()
                .map(column -> (NamedExpression) NetworkCalls.replace(column, calls, ofBlocks))
                .toList();
        LogicalPlan rows = project.child();
        return new Project(Seqs.of(columns), isScan(rows) ? pruned(rows, project) : rows);
    }

    private static boolean isScan(LogicalPlan plan) {
        return plan instanceof LeafNode || (plan instanceof Filter filter && isScan(filter.child()));
    }

    /** Only a projection right above tells a reader of files which columns are wanted. */
    private static LogicalPlan pruned(LogicalPlan rows, Project project) {
        List<NamedExpression> wanted = List.copyOf(Seqs.list(rows.output()).stream()
                .filter(project.references()::contains)
                .toList());
        return new Project(Seqs.of(wanted), rows);
    }
}
