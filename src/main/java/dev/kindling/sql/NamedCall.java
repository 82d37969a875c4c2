package dev.kindling.sql;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a function gives, under the name of its call: Spark names columns after it, and errors quote it. It is no alias, because each
 * alias is another one: Spark 4.1 then sees no equals in {@code select f(a) ... group by rollup(f(a))}.
 *
 * <p>Spark copies an expression by its constructor, from the elements that it has as a {@link scala.Product}.
 */
public final class NamedCall extends Expression implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Expression result;

    /**
     * @param call as the query has it
     * @param result what is evaluated
     */
    public NamedCall(String call, Expression result) {
        this.call = call;
        this.result = result;
    }

    @Override
    public String sql() {
        return call;
    }

    /** A plan shows what is evaluated. */
    @Override
    public String toString() {
        return result.toString();
    }

    @Override
    public Seq<Expression> children() {
        return CollectionConverters.asScala(List.of(result)).toSeq();
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new NamedCall(call, children.head());
    }

    @Override
    public DataType dataType() {
        return result.dataType();
    }

    @Override
    public boolean nullable() {
        return result.nullable();
    }

    @Override
    public Object eval(InternalRow row) {
        return result.eval(row);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode names) {
        return result.genCode(context);
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int n) {
        return List.of(call, result).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NamedCall;
    }

    /** The same result is the same, whatever it is called: Spark has a name of its own for a column that is only sorted by. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NamedCall that && result.equals(that.result);
    }

    @Override
    public int hashCode() {
        return result.hashCode();
    }
}
