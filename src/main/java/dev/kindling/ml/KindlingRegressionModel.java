package dev.kindling.ml;

import dev.kindling.RegressorModel;
import dev.kindling.data.tables.Missing;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.scoring.Scoring;
import java.io.IOException;
import java.util.UUID;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/** What {@link KindlingRegressor} makes of rows: a model of Spark ML. Prediction is part of the query, and runs no job. */
public final class KindlingRegressionModel extends RegressionModel<Vector, KindlingRegressionModel>
        implements FittedNetwork<RegressorModel, KindlingRegressionTrainingSummary>,
                MLWritable,
                HasTrainingSummary<KindlingRegressionTrainingSummary> {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final SharedParams shared;
    private final RowPredictor predictor;
    /** Of the label; null where there is no network. */
    private final Standardisation scale;
    /** Only on the driver. */
    private final transient RegressorModel fitted;

    private transient Option<KindlingRegressionTrainingSummary> summary = Option.empty();

    /** One that predicts nothing: Spark Connect looks at it. */
    public KindlingRegressionModel() {
        this(Identifiable.randomUID("KindlingRegressionModel"), null);
    }

    KindlingRegressionModel(String uid, RegressorModel fitted) {
        this(Uids.hold(uid), fitted, fitted == null ? null : Networks.predictor(fitted));
    }

    private KindlingRegressionModel(Uids.Held held, RegressorModel fitted, RowPredictor predictor) {
        this.uid = held.uid();
        this.shared = new SharedParams(this);
        this.fitted = fitted;
        this.predictor = predictor;
        this.scale = fitted == null ? null : Networks.scale(fitted);
        setDefaults();
        if (fitted != null) {
            set(layers(), Networks.layers(fitted));
        }
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
    public RegressorModel kindling() {
        return fitted;
    }

    @Override
    public int numFeatures() {
        return predictor == null ? -1 : predictor.inputs();
    }

    @Override
    public StructType validateAndTransformSchema(StructType schema, boolean fitting, DataType type) {
        StructType checked =
                super.validateAndTransformSchema(FeatureColumn.asVector(schema, getFeaturesCol()), fitting, type);
        return FeatureColumn.asGiven(checked, getFeaturesCol(), schema);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType output = transformSchema(dataset.schema(), true);
        if (getPredictionCol().isEmpty()) {
            return dataset.toDF();
        }
        Standardisation label = scale;
        Column prediction = new Scoring(dataset.sparkSession(), Networks.inputs(fitted, getFeaturesCol()), predictor)
                .read(
                        dataset.schema(),
                        Missing.ERROR,
                        (network, logits) -> number(label, network.outputs(logits)),
                        DataTypes.DoubleType);
        return dataset.toDF()
                .withColumn(
                        getPredictionCol(),
                        prediction,
                        output.apply(getPredictionCol()).metadata());
    }

    private static Double number(Standardisation label, float... outputs) {
        return outputs[0] * label.deviation()[0] + label.shift()[0];
    }

    /**
     * Predicts a row.
     *
     * @param features of size (features), finite
     */
    @Override
    public double predict(Vector features) {
        return number(scale, predictor.outputs(predictor.logits(Networks.checked(predictor, features))));
    }

    /** Predicts rows whose labels are known, and says how good that is. */
    public KindlingRegressionSummary evaluate(Dataset<?> dataset) {
        KindlingRegressionModel named = named();
        return new KindlingRegressionSummary(named, named.transform(dataset));
    }

    /** One that has a column for predictions. */
    private KindlingRegressionModel named() {
        return getPredictionCol().isEmpty()
                ? copy(new ParamMap()).setPredictionCol("prediction_" + UUID.randomUUID())
                : this;
    }

    @Override
    public KindlingRegressionTrainingSummary summaryOf(Dataset<?> trained) {
        KindlingRegressionModel named = named();
        return new KindlingRegressionTrainingSummary(named, named.transform(trained), Progress.of(fitted));
    }

    @Override
    public Option<KindlingRegressionTrainingSummary> trainingSummary() {
        return summary;
    }

    @Override
    public void trainingSummary_$eq(Option<KindlingRegressionTrainingSummary> other) {
        summary = other;
    }

    @Override
    public long estimatedSize() {
        return Networks.estimatedSize(this, fitted);
    }

    @Override
    public KindlingRegressionModel copy(ParamMap extra) {
        KindlingRegressionModel copy = copyValues(new KindlingRegressionModel(uid(), fitted), extra);
        copy.summary = summary;
        return copy.setParent(parent());
    }

    /** Reads models that were saved. */
    public static MLReader<KindlingRegressionModel> read() {
        return new ModelReader<>(
                KindlingRegressionModel.class,
                (uid, place, spark) -> new KindlingRegressionModel(uid, RegressorModel.load(spark, place)));
    }

    /** Reads one. */
    public static KindlingRegressionModel load(String path) throws IOException {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "KindlingRegressionModel: uid=" + uid() + ", numLayers=" + getLayers().length + ", numFeatures="
                + numFeatures();
    }
}
