package dev.kindling.ml;

import dev.kindling.TableModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/**
 * What the models of Spark ML here have in common, beside params. They name the interfaces above this one as well: Py4J, through which
 * Python calls them, sees the default methods of interfaces that a class names itself, and no others.
 *
 * @param <M> the model of the library
 * @param <S> the summary of its training
 */
public interface FittedNetwork<M extends TableModel, S> extends KindlingParams, MLWritable, HasTrainingSummary<S> {
    /** The model of the library: its history, provenance and digest, and all that it can do besides. */
    M kindling();

    /** The summary of the training on these rows. */
    S summaryOf(Dataset<?> trained);

    /**
     * The parameters, layer after layer: weights, a row for each input, and then biases. They are for standardised inputs, and
     * labels of a regression: {@link KindlingSetters#setInitialWeights} takes them.
     */
    default Vector weights() {
        return Networks.weights(kindling());
    }

    @Override
    default MLWriter write() {
        return new ModelWriter(this, kindling());
    }

    /** Nothing: what a summary has beside the rows is in the model that is saved. Spark Connect calls it. */
    @Override
    default void saveSummary(String path) {}

    /** Makes the summary of a model that was loaded. Spark Connect calls it. */
    @Override
    default void loadSummary(String path, Dataset<Row> trained) {
        setSummary(Option.apply(summaryOf(trained)));
    }
}
