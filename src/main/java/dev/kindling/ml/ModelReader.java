package dev.kindling.ml;

import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Reads what {@link ModelWriter} has written.
 *
 * @param <M> the model
 */
final class ModelReader<M extends Params> extends MLReader<M> {
    private final Class<M> kind;
    private final Loader<M> loader;

    /** Makes a model of the uid in the metadata and of the place of what Kindling has saved. */
    @FunctionalInterface
    interface Loader<M> {
        M load(String uid, String place, SparkSession spark);
    }

    ModelReader(Class<M> kind, Loader<M> loader) {
        this.kind = kind;
        this.loader = loader;
    }

    @Override
    public M load(String path) {
        DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, sparkSession(), kind.getName());
        M model = loader.load(metadata.uid(), ModelWriter.place(path), sparkSession());
        metadata.getAndSetParams(model, Option.empty());
        return model;
    }
}
