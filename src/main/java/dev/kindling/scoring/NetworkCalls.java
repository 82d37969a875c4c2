package dev.kindling.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import scala.collection.immutable.Seq;

/** Finds what the expressions of a query ask of networks. */
final class NetworkCalls {
    private NetworkCalls() {}

    /** The calls, without equals, that are made for each row, whatever is in it. */
    static List<NetworkExpression> ofEachRow(List<Expression> expressions, Predicate<NetworkExpression> which) {
        List<NetworkExpression> calls = new ArrayList<>();
        expressions.forEach(expression -> add(expression, which, calls));
        return calls;
    }

    private static void add(Expression expression, Predicate<NetworkExpression> which, List<NetworkExpression> calls) {
        if (!(expression instanceof NetworkExpression call)) {
            Seqs.list(evaluated(expression)).forEach(child -> add(child, which, calls));
        } else if (which.test(call) && calls.stream().noneMatch(call::semanticEquals)) {
            calls.add(call);
        }
    }

    /** The parts of an expression that are evaluated once for each row, and whose errors are the row's. */
    private static Seq<Expression> evaluated(Expression expression) {
        if (expression instanceof ConditionalExpression conditional) {
            return conditional.alwaysEvaluatedInputs();
        }
        if (expression instanceof And || expression instanceof Or) {
            return Seqs.one(expression.children().head());
        }
        return expression instanceof HigherOrderFunction || expression instanceof TryEval
                ? Seqs.of(List.of())
                : expression.children();
    }

    /** An expression with others in place of its calls, wherever they are. */
    static Expression replace(Expression expression, List<NetworkExpression> calls, List<? extends Expression> others) {
        return IntStream.range(0, calls.size())
                .filter(k -> calls.get(k).semanticEquals(expression))
                .mapToObj(k -> (Expression) others.get(k))
                .findFirst()
                .orElseGet(() -> expression.withNewChildren(Seqs.of(Seqs.list(expression.children()).stream()
                        .map(child -> replace(child, calls, others))
                        .toList())));
    }
}
