package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import dev.kindling.ClassifierModel;
import dev.kindling.data.tables.Missing;
import dev.kindling.network.RowPredictor;
import dev.kindling.scoring.Scoring;
import java.io.IOException;
import java.util.UUID;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple3;

/** What {@link KindlingClassifier} makes of rows: a model of Spark ML. Prediction is part of the query, and runs no job. */
public final class KindlingClassificationModel
        extends ProbabilisticClassificationModel<Vector, KindlingClassificationModel>
        implements FittedNetwork<ClassifierModel, KindlingClassificationTrainingSummary>,
                MLWritable,
                HasTrainingSummary<KindlingClassificationTrainingSummary> {
    private static final long serialVersionUID = 1L;

    private static final VectorUDT VECTOR = new VectorUDT();

    private final String uid;
    private final SharedParams shared;
    private final RowPredictor predictor;
    private final int classes;
    /** Only on the driver. */
    private final transient ClassifierModel fitted;

    private transient Option<KindlingClassificationTrainingSummary> summary = Option.empty();

    /** One that predicts nothing: Spark Connect looks at it. */
    public KindlingClassificationModel() {
        this(Identifiable.randomUID("KindlingClassificationModel"), null);
    }

    KindlingClassificationModel(String uid, ClassifierModel fitted) {
        this(Uids.hold(uid), fitted, fitted == null ? null : Networks.predictor(fitted));
    }

    private KindlingClassificationModel(Uids.Held held, ClassifierModel fitted, RowPredictor predictor) {
        this.uid = held.uid();
        this.shared = new SharedParams(this);
        this.fitted = fitted;
        this.predictor = predictor;
        this.classes = fitted == null ? 0 : fitted.labels().size();
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
    public ClassifierModel kindling() {
        return fitted;
    }

    @Override
    public int numFeatures() {
        return predictor == null ? -1 : predictor.inputs();
    }

    @Override
    public int numClasses() {
        return classes;
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
        double[] thresholds = isDefined(thresholds()) ? getThresholds() : null;
        if (thresholds != null && thresholds.length != classes) {
            throw new IllegalArgumentException(uid() + ": found " + thresholds.length
                    + " thresholds, expected one for each of " + classes + " classes");
        }
        Dataset<Row> rows = dataset.toDF();
        Column raw = new Scoring(dataset.sparkSession(), Networks.inputs(fitted, getFeaturesCol()), predictor)
                .read(dataset.schema(), Missing.ERROR, (network, logits) -> VECTOR.serialize(vector(logits)), VECTOR);
        if (!getRawPredictionCol().isEmpty()) {
            rows = rows.withColumn(
                    getRawPredictionCol(),
                    raw,
                    output.apply(getRawPredictionCol()).metadata());
            raw = col(getRawPredictionCol());
        }
        Column probability = udf((UDF1<Vector, Vector>) KindlingClassificationModel::softmax, SQLDataTypes.VectorType())
                .apply(raw);
        if (!getProbabilityCol().isEmpty()) {
            rows = rows.withColumn(
                    getProbabilityCol(),
                    probability,
                    output.apply(getProbabilityCol()).metadata());
            probability = col(getProbabilityCol());
        }
        if (!getPredictionCol().isEmpty()) {
            Column best = thresholds == null
                    ? udf((UDF1<Vector, Double>) logits -> (double) logits.argmax(), DataTypes.DoubleType)
                            .apply(raw)
                    : udf((UDF1<Vector, Double>) given -> best(given, thresholds), DataTypes.DoubleType)
                            .apply(probability);
            rows = rows.withColumn(
                    getPredictionCol(), best, output.apply(getPredictionCol()).metadata());
        }
        return rows;
    }

    private static Vector vector(float... numbers) {
        double[] values = new double[numbers.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = numbers[k];
        }
        return new DenseVector(values);
    }

    private static Vector softmax(Vector logits) {
        float[] probabilities = new float[logits.size()];
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = (float) logits.apply(k);
        }
        RowPredictor.softmax(probabilities);
        return vector(probabilities);
    }

    /** The class whose probability is the largest multiple of its threshold, the first of equals; a threshold of 0 is below all. */
    private static double best(Vector probability, double... thresholds) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < thresholds.length; c++) {
            double multiple = thresholds[c] == 0 ? Double.POSITIVE_INFINITY : probability.apply(c) / thresholds[c];
            if (multiple > most) {
                best = c;
                most = multiple;
            }
        }
        return best;
    }

    /**
     * The last layer before the softmax.
     *
     * @param features of size (features), finite
     * @return of size (classes)
     */
    @Override
    public Vector predictRaw(Vector features) {
        return vector(predictor.logits(Networks.checked(predictor, features)));
    }

    @Override
    public Vector raw2probabilityInPlace(Vector raw) {
        double[] values = ((DenseVector) raw).values();
        System.arraycopy(softmax(raw).toArray(), 0, values, 0, values.length);
        return raw;
    }

    /** The same as the superclass's, which javac cannot see through: two of Spark's classes give two types to it. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Tuple3 findSummaryModel() {
        KindlingClassificationModel named = copy(new ParamMap());
        if (getProbabilityCol().isEmpty()) {
            named.setProbabilityCol("probability_" + UUID.randomUUID());
        }
        if (getPredictionCol().isEmpty()) {
            named.setPredictionCol("prediction_" + UUID.randomUUID());
        }
        return new Tuple3<>(named, named.getProbabilityCol(), named.getPredictionCol());
    }

    /** Predicts rows whose labels are known, and says how good that is. */
    public KindlingClassificationSummary evaluate(Dataset<?> dataset) {
        KindlingClassificationModel named =
                (KindlingClassificationModel) findSummaryModel()._1();
        return new KindlingClassificationSummary(named, named.transform(dataset));
    }

    @Override
    public KindlingClassificationTrainingSummary summaryOf(Dataset<?> trained) {
        KindlingClassificationModel named =
                (KindlingClassificationModel) findSummaryModel()._1();
        return new KindlingClassificationTrainingSummary(named, named.transform(trained), Progress.of(fitted));
    }

    @Override
    public Option<KindlingClassificationTrainingSummary> trainingSummary() {
        return summary;
    }

    @Override
    public void trainingSummary_$eq(Option<KindlingClassificationTrainingSummary> other) {
        summary = other;
    }

    @Override
    public long estimatedSize() {
        return Networks.estimatedSize(this, fitted);
    }

    @Override
    public KindlingClassificationModel copy(ParamMap extra) {
        KindlingClassificationModel copy = copyValues(new KindlingClassificationModel(uid(), fitted), extra);
        copy.summary = summary;
        return copy.setParent(parent());
    }

    /** Reads models that were saved. */
    public static MLReader<KindlingClassificationModel> read() {
        return new ModelReader<>(
                KindlingClassificationModel.class,
                (uid, place, spark) -> new KindlingClassificationModel(uid, ClassifierModel.load(spark, place)));
    }

    /** Reads one. */
    public static KindlingClassificationModel load(String path) throws IOException {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "KindlingClassificationModel: uid=" + uid() + ", numLayers=" + getLayers().length + ", numClasses="
                + numClasses() + ", numFeatures=" + numFeatures();
    }
}
