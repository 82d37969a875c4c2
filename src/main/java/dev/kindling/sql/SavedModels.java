package dev.kindling.sql;

import dev.kindling.ClassifierModel;
import dev.kindling.ModelFunction;
import dev.kindling.NewestModel;
import dev.kindling.RegressorModel;
import dev.kindling.TableModel;
import dev.kindling.TrainedModel;
import dev.kindling.error.KindlingException;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ColumnNodeToExpressionConverter$;

/**
 * The models that the queries of a session name. One is loaded when a query first names it, and again when another has been saved in
 * its place. Spark may ask for the same function several times while it plans a query: it gets the same one, and so sees that equal
 * calls are equal.
 */
final class SavedModels {
    /** A model that has not been asked for while so many others were is loaded anew. */
    private static final int MOST = 32;

    private final Recent<String, SavedModel> models = new Recent<>(MOST);

    /** What a model predicts. */
    Expression prediction(String function, ModelArguments arguments) {
        return expression(arguments, SavedModels::prediction);
    }

    private static Column prediction(TableModel model, Column outputs) {
        return model instanceof ClassifierModel classifier ? classifier.label(outputs) : outputs;
    }

    /** The probabilities that a classifier gives. */
    Expression probability(String function, ModelArguments arguments) {
        return expression(arguments, (model, outputs) -> {
            if (model instanceof RegressorModel) {
                throw new KindlingException(arguments.path() + ": found a model that predicts numbers, expected one of"
                        + " classes: " + function + " gives their probabilities");
            }
            return outputs;
        });
    }

    private synchronized Expression expression(
            ModelArguments arguments, BiFunction<TableModel, Column, Column> result) {
        SparkSession spark = SparkSession.active();
        SavedModel saved =
                models.computeIfAbsent(arguments.path(), path -> new SavedModel(new NewestModel(spark, path)));
        Applicable model = saved.forRowsOf(arguments);
        Column outputs = model.outputs.apply(arguments.columns(model.model.inputs()));
        Column column = result.apply(model.model, outputs);
        return new NamedCall(arguments.call(), ColumnNodeToExpressionConverter$.MODULE$.apply(column.node()));
    }

    /**
     * A model that is ready for a query.
     *
     * @param outputs the probabilities of a classifier, or the numbers of a regression
     */
    private record Applicable(TableModel model, ModelFunction outputs) {
        static Applicable of(TableModel model) {
            return new Applicable(
                    model,
                    model instanceof ClassifierModel classifier
                            ? classifier.asProbabilityFunction()
                            : model.asFunction());
        }
    }

    /** The newest model of a place, in the forms that queries have asked for. */
    private static final class SavedModel {
        private final NewestModel newest;
        /** By the columns that give an image; a model of a table has one form. */
        private final Recent<String, Applicable> forms = new Recent<>(MOST);

        private TableModel model;

        SavedModel(NewestModel newest) {
            this.newest = newest;
        }

        Applicable forRowsOf(ModelArguments arguments) {
            TableModel now = newest.get();
            if (now != model) {
                forms.clear();
                model = now;
            }
            if (model.network().signature().isPresent()) {
                return forms.computeIfAbsent("", all -> Applicable.of(model));
            }
            TrainedModel images = new TrainedModel(model.network(), model.history());
            return forms.computeIfAbsent(
                    arguments.schema().sql(),
                    all -> Applicable.of(ClassifierModel.ofImages(images, arguments.schema())));
        }
    }
}
