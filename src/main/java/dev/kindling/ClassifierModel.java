package dev.kindling;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.ConfusionMatrix;
import dev.kindling.network.Architecture;
import dev.kindling.scoring.Scoring;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructType;

/**
 * A model that says which class a row is of. It takes rows as they were trained on: columns of the same names, unprepared. Immutable,
 * and shared freely between threads.
 */
public final class ClassifierModel extends TableModel {
    /** The column of {@link #transform} that has the probability of each label, in their order. */
    public static final String PROBABILITY = "probability";

    /** The column that has the pixels of an image. */
    public static final String IMAGE = Signature.FEATURES;

    private static final String ACTUAL = "__kindling_label";

    private final Labels labels;

    ClassifierModel(TrainedModel trained) {
        this(trained, trained.model().signatureOrReady());
    }

    private ClassifierModel(TrainedModel trained, Signature signature) {
        super(trained, signature);
        this.labels = signature
                .labels()
                .orElseThrow(() ->
                        new KindlingException("found a model without labels, expected a classifier of a DataFrame"));
    }

    /**
     * A model of images, as rows of a table give them. Without this one takes a column {@value #IMAGE} of arrays of numbers from 0
     * to 1, as it was trained on.
     *
     * @param schema of the rows: a column {@value #IMAGE}, of arrays or of bytes, or a column for each pixel, and at most one beside
     *     them, called as labels are. Bytes, and columns of whole numbers, go from 0 to 255, other numbers from 0 to 1
     * @throws KindlingException if the columns are others
     */
    public static ClassifierModel ofImages(TrainedModel images, StructType schema) {
        Architecture architecture = images.model().architecture();
        List<String> columns = new ArrayList<>(List.of(schema.fieldNames()));
        if (columns.contains(IMAGE)) {
            FeatureForm form =
                    FeatureColumns.of(schema, List.of(IMAGE), "the rows").form();
            double white = form == FeatureForm.BYTES ? Inputs.LEVELS : 1;
            return new ClassifierModel(images, Signature.ofImages(architecture, form, List.of(IMAGE), white));
        }
        if (columns.size() == architecture.inputs() + 1) {
            columns.remove(Estimator.usual(schema, Classifier.LABELS, ""));
        }
        if (columns.size() != architecture.inputs()) {
            throw new KindlingException("the rows: found " + columns.size() + " columns, expected one called " + IMAGE
                    + ", or " + architecture.inputs() + ", one for each pixel");
        }
        boolean isWhole = columns.stream().allMatch(name -> schema.apply(name).dataType() instanceof IntegralType);
        return new ClassifierModel(
                images, Signature.ofImages(architecture, FeatureForm.COLUMNS, columns, isWhole ? Inputs.LEVELS : 1));
    }

    /**
     * Loads a model that was saved.
     *
     * @param directory a path or URI of any Hadoop file system
     * @throws KindlingException if there is none, or if it is damaged or no classifier of a DataFrame
     */
    public static ClassifierModel load(SparkSession spark, String directory) {
        return read(spark, directory, ClassifierModel::new);
    }

    /** The column that labels are read from. */
    public String labelColumn() {
        return labels.column();
    }

    /** The classes: values of the label's column, in the order of probabilities. */
    public List<Object> labels() {
        return predictor().labels();
    }

    /**
     * Adds {@link #PROBABILITY}, an array of floats, and {@link #PREDICTION}, of the label's type. No job runs: it is part of the
     * query, of a stream too.
     *
     * @param rows with the columns that the model was trained on; they may have others
     * @param missing what to do with a row in which a feature is null, NaN or infinite: with {@link Missing#KEEP} both columns are
     *     null there
     * @throws KindlingException if a column is missing or of another type, or if there is one of the names of the new ones
     */
    @Override
    public Dataset<Row> transform(Dataset<Row> rows, Missing missing) {
        checkFree(rows, PROBABILITY, PREDICTION);
        Column probability = scoring(rows.sparkSession()).outputs(rows.schema(), missing);
        return with(rows, PROBABILITY, probability, missing).withColumn(PREDICTION, label(col(PROBABILITY)));
    }

    /**
     * The label of the largest probability, in a query.
     *
     * @param probability as {@link #transform} or {@link #asProbabilityFunction} gives it
     */
    public Column label(Column probability) {
        Column values = lit(labels.values().toArray(String[]::new)).cast("array<" + labels.type() + ">");
        return element_at(values, Scoring.best(probability).plus(1));
    }

    @Override
    public ModelFunction asFunction() {
        Scoring scoring = scoring(SparkSession.active());
        return new ModelFunction(features -> label(scoring.outputs(features, Missing.KEEP)));
    }

    /** The model as a function of columns that gives the probability of each label, as {@link #asFunction} gives the prediction. */
    public ModelFunction asProbabilityFunction() {
        Scoring scoring = scoring(SparkSession.active());
        return new ModelFunction(features -> scoring.outputs(features, Missing.KEEP));
    }

    /**
     * The most probable label of a row, without a Spark job.
     *
     * @param <T> the type of the labels, as Spark gives it to Java
     * @param row shape (inputs), finite
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Row.getAs
    public <T> T predict(double... row) {
        return predictor().predict(row);
    }

    /** The same of floats. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T predict(float[] row) {
        return predictor().predict(row);
    }

    /**
     * The probability of each label for a row, without a Spark job.
     *
     * @param row shape (inputs), finite
     * @return shape (labels)
     */
    public float[] probabilities(double... row) {
        return predictor().probabilities(row);
    }

    /**
     * Predicts rows whose labels are known and counts what is right, in a Spark job.
     *
     * @param rows with the column of the label too
     * @param missing {@link Missing#SKIP} leaves rows out in which something is missing
     * @throws KindlingException if a label is not one of the model's
     */
    public ConfusionMatrix evaluate(Dataset<Row> rows, Missing missing) {
        Map<String, Integer> numbers = new HashMap<>();
        labels.values().forEach(value -> numbers.put(value, numbers.size()));
        FeatureColumns.find(rows.schema(), labels.column(), "the rows");
        Column label = FeatureColumns.named(labels.column()).cast(labels.type());
        Dataset<Row> pairs = transform(rows.withColumn(ACTUAL, label.cast("string")), missing)
                .where(col(PROBABILITY).isNotNull())
                .groupBy(col(ACTUAL), col(PREDICTION).cast("string"))
                .count();
        return Failures.unwrapped(() -> new ConfusionMatrix(
                labels.values(),
                pairs.collectAsList().stream()
                        .map(row -> new ConfusionMatrix.Cell(
                                number(numbers, row.getString(0)), number(numbers, row.getString(1)), row.getLong(2)))
                        .toList()));
    }

    private int number(Map<String, Integer> numbers, String label) {
        Integer number = numbers.get(label);
        if (number == null) {
            throw new KindlingException("the rows: found label " + label + " in column " + labels.column()
                    + ", expected one that the model was trained on");
        }
        return number;
    }
}
