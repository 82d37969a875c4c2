package dev.kindling.ml;

import dev.kindling.RegressorModel;
import java.io.IOException;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A neural network as a regressor of Spark ML, as {@link KindlingClassifier} is a classifier: the last layer gives one number, and
 * the loss is half the squared error of the label, which is standardised inside. {@link dev.kindling.Regressor} does the work.
 */
public final class KindlingRegressor extends Regressor<Vector, KindlingRegressor, KindlingRegressionModel>
        implements KindlingSetters<KindlingRegressor>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final SharedParams shared;

    /** With the defaults, and a uid of its own. */
    public KindlingRegressor() {
        this(Identifiable.randomUID("KindlingRegressor"));
    }

    /** With the defaults. */
    public KindlingRegressor(String uid) {
        this(Uids.hold(uid));
    }

    private KindlingRegressor(Uids.Held held) {
        this.uid = held.uid();
        this.shared = new SharedParams(this);
        setDefaults();
    }

    @Override
    public String uid() {
        return uid == null ? Uids.held() : uid;
    }

    @Override
    public SharedParams shared() {
        return shared;
    }

    @Override
    public StructType validateAndTransformSchema(StructType schema, boolean fitting, DataType type) {
        StructType checked =
                super.validateAndTransformSchema(FeatureColumn.asVector(schema, getFeaturesCol()), fitting, type);
        return FeatureColumn.asGiven(checked, getFeaturesCol(), schema);
    }

    /** Called by {@code fit}, which has checked the columns' types. */
    @Override
    public KindlingRegressionModel train(Dataset<?> dataset) {
        if (isDefined(layers()) && getLayers()[getLayers().length - 1] != 1) {
            throw new IllegalArgumentException(uid() + ": found " + getLayers()[getLayers().length - 1]
                    + " as the last of layers, expected 1, the number that is predicted");
        }
        dev.kindling.Regressor regressor =
                Fits.configured(new dev.kindling.Regressor().target(getLabelCol()), this, dataset);
        Column label = DatasetUtils$.MODULE$.checkRegressionLabels(getLabelCol());
        RegressorModel fitted = Fits.fit(regressor::fit, this, Fits.rows(this, dataset, label));
        KindlingRegressionModel model = copyValues(new KindlingRegressionModel(uid(), fitted), new ParamMap());
        model.setSummary(Option.apply(model.summaryOf(dataset)));
        return model;
    }

    @Override
    public long estimateModelSize(Dataset<?> dataset) {
        return estimateMatadataSize() + Networks.bytes(Fits.architecture(this, dataset, 1));
    }

    @Override
    public KindlingRegressor copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    /** Reads estimators that were saved. */
    public static MLReader<KindlingRegressor> read() {
        return new DefaultParamsReader<>();
    }

    /** Reads one. */
    public static KindlingRegressor load(String path) throws IOException {
        return read().load(path);
    }
}
