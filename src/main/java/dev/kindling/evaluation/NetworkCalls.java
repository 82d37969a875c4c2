package dev.kindling.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.types.Metadata;

/**
 * The networks that are asked for each row, whatever is in the row, and that rows go through faster together. What asks with numbers
 * that are drawn is left as it is: to Spark no two of these are equal.
 *
 * @param calls without equals
 * @param scores a column for what each gives
 */
record NetworkCalls(List<NetworkExpression> calls, List<Attribute> scores) {
    /** Those of some expressions. */
    static NetworkCalls of(List<? extends Expression> expressions) {
        List<NetworkExpression> calls = new ArrayList<>();
        expressions.forEach(expression -> add(expression, calls));
        return new NetworkCalls(calls, calls.stream().map(NetworkCalls::column).toList());
    }

    private static void add(Expression expression, List<NetworkExpression> calls) {
        if (expression instanceof NetworkExpression call) {
            if (call.deterministic() && call.gainsFromBlocks() && calls.stream().noneMatch(call::semanticEquals)) {
                calls.add(call);
            }
        } else if (!isConditional(expression)) {
            Seqs.list(expression.children()).forEach(child -> add(child, calls));
        }
    }

    /** Whether it may leave out what it has, or do it several times for a row. */
    private static boolean isConditional(Expression expression) {
        return expression instanceof ConditionalExpression
                || expression instanceof And
                || expression instanceof Or
                || expression instanceof HigherOrderFunction;
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

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Whether these are some or all of others. */
    boolean areAmong(NetworkCalls others) {
        return calls.stream().allMatch(call -> others.calls.stream().anyMatch(call::semanticEquals));
    }

    /** An expression with the columns in place of the calls. */
    Expression replaceIn(Expression expression) {
        return IntStream.range(0, calls.size())
                .filter(k -> calls.get(k).semanticEquals(expression))
                .mapToObj(k -> (Expression) scores.get(k))
                .findFirst()
                .orElseGet(() -> expression.withNewChildren(Seqs.of(Seqs.list(expression.children()).stream()
                        .map(this::replaceIn)
                        .toList())));
    }
}
