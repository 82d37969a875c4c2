package dev.kindling;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/**
 * A model as a function of columns, for {@code withColumn}, {@code select} and {@code where}: {@link TableModel#asFunction}. It is no
 * {@code UserDefinedFunction} of Spark: for that, Spark would make a copy of the features first, with an object for each number that
 * may be null. So it has no name that SQL could call it by: {@code dev.kindling.sql} has functions for SQL.
 */
public final class ModelFunction {
    private final Function<List<Column>, Column> function;

    ModelFunction(Function<List<Column>, Column> function) {
        this.function = function;
    }

    /**
     * Applies it.
     *
     * @param features what the model takes, whatever it is called there: a column for each of {@link TableModel#inputs}, in their order,
     *     or one column with an array of numbers, a vector, or bytes. Others are refused by the query, with a
     *     {@link dev.kindling.error.KindlingException}
     */
    public Column apply(Column... features) {
        return function.apply(List.of(features));
    }
}
