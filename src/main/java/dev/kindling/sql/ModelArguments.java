package dev.kindling.sql;

import dev.kindling.ClassifierModel;
import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a function of a query is called with, whose types are known.
 *
 * @param call as the query has it, which is the name of the column
 * @param path of the model
 * @param features the other arguments
 */
record ModelArguments(String call, String path, List<Expression> features) {
    /**
     * Takes the arguments apart.
     *
     * @param function its name
     * @throws KindlingException if they do not begin with a path
     */
    static ModelArguments of(String function, Seq<Expression> given) {
        List<Expression> arguments = CollectionConverters.asJava(given);
        String call = arguments.stream()
                .map(ExpressionUtils::generateAlias)
                .collect(Collectors.joining(", ", function + "(", ")"));
        if (arguments.isEmpty()) {
            throw new KindlingException(call + ": found no arguments, expected the path of a model, and features");
        }
        Expression path = arguments.get(0);
        if (!(path.dataType() instanceof StringType) || !path.foldable()) {
            throw new KindlingException(call + ": found "
                    + (path.foldable() ? "type " + path.dataType().sql() : "a path that depends on the row")
                    + " as the first argument, expected the path of a model, as a literal");
        }
        Object value = path.eval(null);
        if (value == null) {
            throw new KindlingException(call + ": found null as the first argument, expected the path of a model");
        }
        return new ModelArguments(call, value.toString(), arguments.subList(1, arguments.size()));
    }

    /** What the features are called, and of which types they are: of a struct its fields. */
    StructType schema() {
        if (struct() != null) {
            return struct();
        }
        StructType schema = new StructType();
        for (Expression feature : features) {
            schema = schema.add(features.size() == 1 ? ClassifierModel.IMAGE : name(feature), feature.dataType());
        }
        return schema;
    }

    private static String name(Expression feature) {
        return feature instanceof NamedExpression named ? named.name() : feature.toString();
    }

    /** The type of the features if they are a struct; else null. */
    private StructType struct() {
        return features.size() == 1 && features.get(0).dataType() instanceof StructType fields ? fields : null;
    }

    /**
     * The columns of a model: those of a struct by their names, else the arguments as they are.
     *
     * @throws KindlingException if a struct lacks one
     */
    Column[] columns(List<String> names) {
        List<Column> columns = new ArrayList<>();
        if (struct() == null) {
            features.forEach(feature -> columns.add(ExpressionUtils.column(feature)));
        } else {
            Column all = ExpressionUtils.column(features.get(0));
            names.forEach(name -> columns.add(
                    all.getField(FeatureColumns.find(struct(), name, call).name())));
        }
        return columns.toArray(Column[]::new);
    }
}
