package dev.kindling.scoring;

import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.network.RowPredictor;
import dev.kindling.storage.Inputs;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * A model as a column of a query: the outputs of its network for each row, as an array of floats. It takes part in the query like
 * any function, so it works on streams too. The model goes to each executor once.
 */
public final class Scoring {
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

    private final Inputs inputs;
    private final Broadcast<RowPredictor> predictor;

    /**
     * @param inputs what the model takes
     * @param predictor its network
     */
    public Scoring(SparkSession spark, Inputs inputs, RowPredictor predictor) {
        this.inputs = inputs;
        this.predictor = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(predictor);
        NetworkStrategy.addTo(spark);
    }

    /** What a network says of a row, in one form or another. */
    @FunctionalInterface
    public interface Reading extends Serializable {
        /**
         * What it says, as Spark holds a value of the type that it has.
         *
         * @param logits shape (outputs): {@link RowPredictor#logits}; free to be changed
         */
        Object of(RowPredictor network, float[] logits);
    }

    /** The outputs of the network as they are, of type array of floats. */
    private static Object outputs(RowPredictor network, float... logits) {
        return UnsafeArrayData.fromPrimitiveArray(network.outputs(logits));
    }

    /**
     * The outputs of the network for the rows of a DataFrame: an array of floats, or null where something is missing.
     *
     * @param schema of the rows, which have the columns of the model
     * @param missing whether it is an error if something is null, NaN or infinite
     * @throws KindlingException if a column is missing, or of a type that gives no such features
     */
    public Column outputs(StructType schema, Missing missing) {
        return read(schema, missing, Scoring::outputs, FLOATS);
    }

    /**
     * The same of columns whose types are not known yet. A type that gives no such features is an error of the query.
     *
     * @param features a column of numbers for each input, or one that has them all
     */
    public Column outputs(List<Column> features, Missing missing) {
        return read(features, missing, Scoring::outputs, FLOATS);
    }

    /**
     * The outputs in another form.
     *
     * @param reading of each row, on the executors
     * @param type of what that gives
     */
    public Column read(StructType schema, Missing missing, Reading reading, DataType type) {
        List<Column> columns = FeatureColumns.of(schema, inputs, "the rows").names().stream()
                .map(FeatureColumns::named)
                .toList();
        return read(columns, missing, reading, type);
    }

    /** The same of columns whose types are not known yet. */
    public Column read(List<Column> features, Missing missing, Reading reading, DataType type) {
        RowScorer scorer = new RowScorer(predictor, inputs, missing, reading, DataTypes.NullType);
        return ExpressionUtils.column(new NetworkExpression(scorer, type, expressions(features), false));
    }

    /**
     * The number of the class that a network takes a row for, from 0: the first of those with the largest output.
     *
     * @param outputs as {@link #outputs} gives them
     */
    public static Column best(Column outputs) {
        return ExpressionUtils.column(new StaticInvoke(
                Scoring.class,
                DataTypes.IntegerType,
                "best",
                expressions(List.of(outputs)),
                Seqs.<AbstractDataType>of(List.of()),
                true,
                false,
                true,
                Option.empty()));
    }

    /** The same of the outputs for one row. Public because code that Spark generates calls it. */
    public static int best(ArrayData outputs) {
        int best = 0;
        for (int c = 1; c < outputs.numElements(); c++) {
            best = outputs.getFloat(c) > outputs.getFloat(best) ? c : best;
        }
        return best;
    }

    private static Seq<Expression> expressions(List<Column> columns) {
        return Seqs.of(columns.stream().map(ExpressionUtils::expression).toList());
    }
}
