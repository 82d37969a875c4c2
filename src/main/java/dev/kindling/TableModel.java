package dev.kindling;

import static org.apache.spark.sql.functions.col;

import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.scoring.Scoring;
import dev.kindling.storage.HistoryRow;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Model;
import dev.kindling.storage.ModelStore;
import dev.kindling.storage.Provenance;
import dev.kindling.storage.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What {@link ClassifierModel} and {@link RegressorModel} have in common. */
public abstract sealed class TableModel permits ClassifierModel, RegressorModel {
    /** The column of {@link #transform} that has the prediction. */
    public static final String PREDICTION = "prediction";

    private final TrainedModel trained;
    private final Inputs inputs;
    private final Predictor predictor;

    TableModel(TrainedModel trained, Signature signature) {
        this.trained = trained;
        this.inputs = signature.inputs();
        this.predictor = new Predictor(trained.model(), signature);
    }

    /**
     * Loads a model that was saved, whichever of the two it is.
     *
     * @param directory a path or URI of any Hadoop file system
     * @throws KindlingException if there is none, or if it is damaged
     */
    public static TableModel load(SparkSession spark, String directory) {
        return read(spark, directory, TableModel::of);
    }

    /** The one of the two that a model is. One of images is a classifier: {@link ClassifierModel#ofImages}. */
    public static TableModel of(TrainedModel trained) {
        boolean hasTargets = trained.model()
                .signature()
                .map(signature -> signature.targets().isPresent())
                .orElse(false);
        return hasTargets ? new RegressorModel(trained) : new ClassifierModel(trained);
    }

    /** {@link #transform(Dataset, Missing)} where something missing is an error, which the query fails with. */
    public Dataset<Row> transform(Dataset<Row> rows) {
        return transform(rows, Missing.ERROR);
    }

    /**
     * Adds predictions to rows.
     *
     * @param missing what to do with a row in which a feature is null, NaN or infinite
     */
    public abstract Dataset<Row> transform(Dataset<Row> rows, Missing missing);

    /** Reads a model, of which another kind of model than is expected is told with its place. */
    static <M> M read(SparkSession spark, String directory, Function<TrainedModel, M> kind) {
        ModelStore.WithHistory found = ModelStore.loadWithHistory(spark, directory, warning -> {});
        TrainedModel read = new TrainedModel(found.model(), found.history());
        try {
            return kind.apply(read);
        } catch (KindlingException e) {
            throw new KindlingException(directory + ": " + e.getMessage(), e);
        }
    }

    /** The columns that it takes: one for each input, or one that has them all. */
    public List<String> inputs() {
        return inputs.columns();
    }

    /** The numbers of each step of the training, or of every 2nd, 4th and so on of more than 10,000. */
    public List<HistoryRow> history() {
        return trained.history();
    }

    /** Where it comes from: settings, rows, loss, versions. */
    public Provenance provenance() {
        return trained.model().provenance();
    }

    /** The network itself. */
    public Model network() {
        return trained.model();
    }

    /** 64 hex digits: models with the same digest give the same predictions, bit for bit. */
    public String digest() {
        return trained.model().digest();
    }

    /**
     * Saves it, whole or not at all.
     *
     * @param directory a path or URI of any Hadoop file system; must not exist
     * @throws KindlingException if it exists or cannot be written
     */
    public void save(String directory) {
        save(directory, false);
    }

    /**
     * Saves it, whole or not at all.
     *
     * @param overwrite whether a model that is there is replaced
     */
    public void save(String directory, boolean overwrite) {
        SparkSession spark = SparkSession.active();
        trained.save(spark, ModelStore.open(spark, directory, overwrite, warning -> {}), more -> {});
    }

    /**
     * The model as a function of columns that gives the prediction: {@link #transform} without names. Where something is missing it
     * gives null, as functions of SQL do.
     */
    public abstract ModelFunction asFunction();

    /** The model as an expression of a query. Its parameters are there for the executors then. */
    Scoring scoring(SparkSession spark) {
        return new Scoring(spark, inputs, predictor.network());
    }

    /** @throws KindlingException if rows have one of the columns that they are to receive */
    static void checkFree(Dataset<Row> rows, String... names) {
        for (String name : rows.columns()) {
            if (Arrays.stream(names).anyMatch(free -> free.equalsIgnoreCase(name))) {
                throw new KindlingException("the rows: found a column called " + name.toLowerCase(Locale.ROOT)
                        + " already, expected none: rename or drop it");
            }
        }
    }

    /** Rows with a column more, of which those that have null there are left out if that is wanted. */
    static Dataset<Row> with(Dataset<Row> rows, String name, Column column, Missing missing) {
        Dataset<Row> scored = rows.withColumn(name, column);
        return missing == Missing.SKIP ? scored.where(col(name).isNotNull()) : scored;
    }

    /** The same without Spark. */
    Predictor predictor() {
        return predictor;
    }
}
