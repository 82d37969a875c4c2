package dev.kindling.scoring;

import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.storage.FeatureForm;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnwrapUDT;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * What a network says of each row, as Spark's planner has it: it takes part in a query like any function. It looks at the types of
 * features when they are known, which they are not yet when a caller names columns.
 *
 * <p>Spark copies an expression by its constructor, from the elements that it has as a {@link scala.Product}.
 */
public final class NetworkExpression extends Expression implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowScorer scorer;
    private final DataType dataType;
    private final Seq<Expression> features;
    private final boolean isOfBlocks;
    /** The features as one column, and what scores it: made with the first row that is evaluated without generated code. */
    private transient Expression all;

    private transient RowScorer ready;

    /**
     * @param scorer for features of no type yet
     * @param dataType of what it gives
     * @param features a number for each input of the network, or one column that has them all
     * @param isOfBlocks whether it is to be planned for many rows together, which changes nothing of what it gives
     */
    public NetworkExpression(RowScorer scorer, DataType dataType, Seq<Expression> features, boolean isOfBlocks) {
        this.scorer = scorer;
        this.dataType = dataType;
        this.features = features;
        this.isOfBlocks = isOfBlocks;
    }

    /** @throws dev.kindling.error.KindlingException if the network takes no such features */
    @Override
    public TypeCheckResult checkInputDataTypes() {
        FeatureColumns.check(
                scorer.inputs(), list().stream().map(Expression::dataType).toList());
        return super.checkInputDataTypes();
    }

    @Override
    public Object eval(InternalRow row) {
        if (ready == null) {
            all = all();
            ready = typed(all);
        }
        return ready.score(all.eval(row));
    }

    /** Spark's own code for the call of a method. */
    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode names) {
        Expression column = all();
        return new Invoke(
                        new Literal(typed(column), new ObjectType(RowScorer.class)),
                        "score",
                        dataType,
                        Seqs.one(column),
                        Seqs.of(List.of()),
                        false,
                        true,
                        true)
                .genCode(context);
    }

    /** What scores features, of the type that they are of. */
    RowScorer typed(Expression column) {
        return new RowScorer(
                scorer.predictor(), scorer.inputs(), scorer.missing(), scorer.reading(), column.dataType());
    }

    boolean isOfBlocks() {
        return isOfBlocks;
    }

    /** The same call, to be planned for many rows together. */
    NetworkExpression ofBlocks() {
        return new NetworkExpression(scorer, dataType, features, true);
    }

    /** Whether it pays to do so. Of calls with numbers that are drawn no two are equal to Spark, which so would make each twice. */
    boolean gainsFromBlocks() {
        return deterministic() && scorer.predictor().value().gainsFromBlocks();
    }

    /** The features as one column, in which nothing is of a type of the user's own. */
    Expression all() {
        if (scorer.inputs().form() == FeatureForm.COLUMNS) {
            return new CreateArray(Seqs.of(list().stream()
                    .map(column -> (Expression) new Cast(column, DataTypes.DoubleType, Option.empty()))
                    .toList()));
        }
        Expression only = features.head();
        return FeatureColumns.form(only.dataType()) == FeatureForm.VECTOR ? new UnwrapUDT(only) : only;
    }

    private List<Expression> list() {
        return Seqs.list(features);
    }

    @Override
    public DataType dataType() {
        return dataType;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public String prettyName() {
        return "kindling";
    }

    @Override
    public String toString() {
        return prettyName() + features.mkString("(", ", ", ")");
    }

    @Override
    public Seq<Expression> children() {
        return features;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new NetworkExpression(scorer, dataType, children, isOfBlocks);
    }

    @Override
    public int productArity() {
        return 4;
    }

    @Override
    public Object productElement(int n) {
        return List.of(scorer, dataType, features, isOfBlocks).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NetworkExpression;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkExpression that
                && scorer.equals(that.scorer)
                && dataType.equals(that.dataType)
                && features.equals(that.features)
                && isOfBlocks == that.isOfBlocks;
    }

    @Override
    public int hashCode() {
        return List.of(scorer, dataType, features, isOfBlocks).hashCode();
    }
}
