package dev.kindling.sql;

import java.util.function.BiFunction;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds functions to the SQL of a session that is started with {@code spark.sql.extensions=dev.kindling.sql.KindlingExtensions}:
 *
 * <ul>
 *   <li>{@code kindling_predict(path, features...)} gives the prediction: of a classifier a label, of its own type, of a regression a
 *       double or, of several targets, an array of them.
 *   <li>{@code kindling_probability(path, features...)} gives the probability of each label, as an array of floats.
 * </ul>
 *
 * <p>The path is that of a model that was saved. It is known when the query is planned, so it is a literal or made of literals.
 * Features are a column for each input of the model, in their order; or one column, of arrays of numbers, vectors or bytes; or a
 * struct, whose fields are found by the names of the model's columns. The result is null where a feature is null, NaN or infinite.
 */
public final class KindlingExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        SavedModels models = new SavedModels();
        inject(
                extensions,
                "kindling_predict",
                "gives what a saved model predicts for a row: a label, a number, or an array of numbers",
                models::prediction);
        inject(
                extensions,
                "kindling_probability",
                "gives the probability of each label for a row, as a saved model of classes has it",
                models::probability);
        return BoxedUnit.UNIT;
    }

    private static void inject(
            SparkSessionExtensions extensions,
            String name,
            String use,
            BiFunction<String, ModelArguments, Expression> function) {
        String usage = name + "(path, features...) - " + use;
        extensions.injectFunction(Tuple3.apply(
                new FunctionIdentifier(name),
                new ExpressionInfo(
                        KindlingExtensions.class.getName(), null, name, usage, "", "", "", "misc_funcs", "", "", ""),
                new AbstractFunction1<Seq<Expression>, Expression>() {
                    @Override
                    public Expression apply(Seq<Expression> arguments) {
                        return function.apply(name, ModelArguments.of(name, arguments));
                    }
                }));
    }
}
