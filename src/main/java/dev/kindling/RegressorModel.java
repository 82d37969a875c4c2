package dev.kindling;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.Targets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A model that predicts numbers. It takes rows as they were trained on: columns of the same names, unprepared. Immutable, and
 * shared freely between threads.
 */
public final class RegressorModel extends TableModel {
    /** The column of {@link #transform} that has the prediction: a double or, of several targets, an array of them. */
    public static final String PREDICTION = "prediction";

    private static final String OUTPUTS = "__kindling_outputs";

    private final Targets targets;

    RegressorModel(TrainedModel trained) {
        super(trained);
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

    /** {@link #transform(Dataset, Missing)} where something missing is an error, which the query fails with. */
    public Dataset<Row> transform(Dataset<Row> rows) {
        return transform(rows, Missing.ERROR);
    }

    /**
     * Adds {@link #PREDICTION}, in the scale of the targets. No job runs: it is part of the query, of a stream too.
     *
     * @param rows with the columns that the model was trained on; they may have others
     * @param missing what to do with a row in which a feature is null, NaN or infinite: with {@link Missing#KEEP} the prediction is
     *     null there
     * @throws KindlingException if a column is missing or of another type, or if there is one called prediction
     */
    public Dataset<Row> transform(Dataset<Row> rows, Missing missing) {
        Dataset<Row> scored = withOutputs(rows, OUTPUTS, missing, PREDICTION);
        Standardisation scale = targets.standardisation();
        Column[] predictions = IntStream.range(0, targets.columns().size())
                .mapToObj(k -> col(OUTPUTS)
                        .getItem(k)
                        .cast("double")
                        .multiply(lit(scale.deviation()[k]))
                        .plus(lit(scale.shift()[k])))
                .toArray(Column[]::new);
        Column all = predictions.length == 1
                ? predictions[0]
                : functions.when(col(OUTPUTS).isNotNull(), functions.array(predictions));
        return scored.withColumn(PREDICTION, all).drop(OUTPUTS);
    }

    /**
     * Predicts a row, without a Spark job.
     *
     * @param row shape (inputs), finite
     * @return shape (targets), in their own scale
     */
    public double[] predict(double... row) {
        float[] outputs = outputs(row);
        Standardisation scale = targets.standardisation();
        return IntStream.range(0, outputs.length)
                .mapToDouble(k -> outputs[k] * scale.deviation()[k] + scale.shift()[k])
                .toArray();
    }

    /** The same of floats. */
    public double[] predict(float[] row) {
        return predict(doubles(row));
    }
}
