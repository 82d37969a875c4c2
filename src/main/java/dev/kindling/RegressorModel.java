package dev.kindling;

import static org.apache.spark.sql.functions.col;

import dev.kindling.data.tables.FeatureColumns;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.evaluation.Agreement;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.scoring.Scoring;
import dev.kindling.storage.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A model that predicts numbers. It takes rows as they were trained on: columns of the same names, unprepared. Immutable, and
 * shared freely between threads.
 */
public final class RegressorModel extends TableModel {
    private final Targets targets;

    RegressorModel(TrainedModel trained) {
        super(trained, trained.model().signatureOrReady());
        this.targets = trained.model()
                .signature()
                .flatMap(signature -> signature.targets())
                .orElseThrow(() ->
                        new KindlingException("found a model without targets, expected a regressor of a DataFrame"));
    }

    /**
     * Loads a model that was saved.
     *
     * @param directory a path or URI of any Hadoop file system
     * @throws KindlingException if there is none, or if it is damaged or no regressor
     */
    public static RegressorModel load(SparkSession spark, String directory) {
        return read(spark, directory, RegressorModel::new);
    }

    /** The columns of the targets. */
    public List<String> targets() {
        return targets.columns();
    }

    /**
     * Adds {@link #PREDICTION}, in the scale of the targets: a double or, of several targets, an array of them. No job runs: it is part of the query, of a stream too.
     *
     * @param rows with the columns that the model was trained on; they may have others
     * @param missing what to do with a row in which a feature is null, NaN or infinite: with {@link Missing#KEEP} the prediction is
     *     null there
     * @throws KindlingException if a column is missing or of another type, or if there is one called prediction
     */
    @Override
    public Dataset<Row> transform(Dataset<Row> rows, Missing missing) {
        checkFree(rows, PREDICTION);
        Column prediction = scoring(rows.sparkSession())
                .read(rows.schema(), missing, new InTheirScale(targets.standardisation()), type());
        return with(rows, PREDICTION, prediction, missing);
    }

    private DataType type() {
        return targets.columns().size() == 1
                ? DataTypes.DoubleType
                : DataTypes.createArrayType(DataTypes.DoubleType, false);
    }

    /**
     * What a network says of a row, in the scale of the targets.
     *
     * @param scale of the targets
     */
    private record InTheirScale(Standardisation scale) implements Scoring.Reading {
        @Override
        public Object of(RowPredictor network, float[] logits) {
            double[] predictions = inTheirScale(scale, network.outputs(logits));
            return predictions.length == 1 ? predictions[0] : UnsafeArrayData.fromPrimitiveArray(predictions);
        }
    }

    private static double[] inTheirScale(Standardisation scale, float... outputs) {
        return IntStream.range(0, outputs.length)
                .mapToDouble(k -> Predictor.number(scale, k, outputs[k]))
                .toArray();
    }

    @Override
    public ModelFunction asFunction() {
        Scoring scoring = scoring(SparkSession.active());
        Scoring.Reading reading = new InTheirScale(targets.standardisation());
        return new ModelFunction(features -> scoring.read(features, Missing.KEEP, reading, type()));
    }

    /**
     * Predicts a row, without a Spark job.
     *
     * @param row shape (inputs), finite
     * @return shape (targets), in their own scale
     */
    public double[] predict(double... row) {
        return predictor().numbers(row);
    }

    /** The same of floats. */
    public double[] predict(float[] row) {
        double[] numbers = new double[targets.columns().size()];
        predictor().numbers(1, row, numbers);
        return numbers;
    }

    /**
     * How good predictions of a target are.
     *
     * @param target the name of its column
     * @param rows that were predicted
     * @param rmse the square root of the mean squared error, in the target's scale
     * @param mae the mean absolute error, in the target's scale
     * @param r2 1 minus the squared error divided by that of the mean; NaN where all targets are equal
     */
    public record Quality(String target, long rows, double rmse, double mae, double r2) {}

    /**
     * Predicts rows whose targets are known, in a Spark job.
     *
     * @param rows with the columns of the targets too
     * @param missing {@link Missing#SKIP} leaves rows out in which something is missing
     * @return for each target
     */
    public List<Quality> evaluate(Dataset<Row> rows, Missing missing) {
        List<Column> sums = new ArrayList<>();
        for (Agreement.Pair pair : pairs(rows)) {
            Column error = pair.predicted().minus(pair.actual());
            sums.add(functions.count(error));
            sums.add(functions.avg(error.multiply(error)));
            sums.add(functions.avg(functions.abs(error)));
            sums.add(functions.var_pop(functions.when(error.isNotNull(), pair.actual())));
        }
        Dataset<Row> scored = transform(rows, missing);
        Row all = Failures.unwrapped(
                () -> scored.select(sums.toArray(Column[]::new)).first());
        return IntStream.range(0, targets.columns().size())
                .mapToObj(k -> quality(all, k))
                .toList();
    }

    /**
     * How predictions lie beside what is true, in two Spark jobs.
     *
     * @param scored rows with the columns of the targets too, as {@link #transform} gives them
     * @param most of so many targets, the first ones
     * @param cells that a side of the grid has
     * @return for each of these targets
     */
    public List<Agreement> agreement(Dataset<Row> scored, int most, int cells) {
        List<Agreement.Pair> pairs = pairs(scored);
        return Failures.unwrapped(() -> Agreement.of(scored, pairs.subList(0, Math.min(most, pairs.size())), cells));
    }

    /** For each target the actual number and the predicted one. */
    private List<Agreement.Pair> pairs(Dataset<Row> rows) {
        int all = targets.columns().size();
        return IntStream.range(0, all)
                .mapToObj(k -> new Agreement.Pair(
                        actual(rows, k),
                        all == 1 ? col(PREDICTION) : col(PREDICTION).getItem(k)))
                .toList();
    }

    private Column actual(Dataset<Row> rows, int k) {
        String name = targets.columns().get(k);
        return FeatureColumns.named(
                        FeatureColumns.find(rows.schema(), name, "the rows").name())
                .cast("double");
    }

    /** From the sums of all targets: rows, squared error, absolute error and variance of each. */
    private Quality quality(Row sums, int k) {
        int at = 4 * k;
        if (sums.getLong(at) == 0) {
            throw new KindlingException("the rows: found none with a prediction and a target, expected some");
        }
        double squared = sums.getDouble(at + 1);
        double variance = sums.getDouble(at + 3);
        return new Quality(
                targets.columns().get(k),
                sums.getLong(at),
                Math.sqrt(squared),
                sums.getDouble(at + 2),
                variance == 0 ? Double.NaN : 1 - squared / variance);
    }
}
