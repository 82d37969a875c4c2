package dev.kindling.data.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.data.HeldOut;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.network.SparseRows;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The rows of a DataFrame as a saved model takes them: its columns, with labels numbered and numbers standardised as they were when
 * it was trained. Each row counts once, also where training had weights.
 */
public final class ModelTable {
    private static final Standardisation NO_TARGETS = new Standardisation(new double[0], new double[0]);

    private final Dataset<Row> rows;
    private final Signature signature;
    private final Optional<KnownLabels> labels;
    private final TableColumns columns;
    private final TableReader reader;
    private final String source;

    /**
     * Finds the columns.
     *
     * @param given has the columns of the features and of what is predicted
     * @param missing {@link Missing#SKIP} leaves rows out in which something is missing; {@link Missing#ERROR} refuses them
     * @param seed of the hashes that decide which rows share a block
     * @param source where the rows come from, for messages
     * @throws KindlingException if a column is missing, or of a type that does not fit the model
     */
    public ModelTable(Dataset<Row> given, Signature signature, Missing missing, long seed, String source) {
        this.labels = signature.labels().map(all -> KnownLabels.ofModel(all, source));
        Dataset<Row> typed =
                labels.map(known -> known.typed(given, known.labels().column())).orElse(given);
        TableSpec spec = new TableSpec(
                signature.inputs().columns(),
                signature.labels().map(Labels::column),
                List.of(),
                signature.targets().map(Targets::columns).orElse(List.of()),
                Optional.empty(),
                Optional.empty(),
                missing);
        FeatureColumns.of(typed.schema(), signature.inputs(), source); // refuses columns of another kind
        this.rows = typed;
        this.signature = signature;
        this.columns = TableColumns.of(typed.schema(), spec, source);
        this.reader = TableReader.of(columns, missing, seed);
        this.source = source;
    }

    private JavaRDD<InternalRow> read(Dataset<Row> some) {
        return some.select(columns.select()).queryExecution().toRdd().toJavaRDD();
    }

    /**
     * The one row that a condition picks, in a Spark job. Rows that the model cannot tell apart count as one.
     *
     * @param condition in SQL, on the columns of the table, also on those that are not the model's
     * @throws KindlingException if it is none, or picks no row or several, or one that is wrong or of a
     *     label that the model does not know
     */
    public TableExample example(String condition) {
        PickedRows picked = pick(condition);
        picked.faults().requireNone(source);
        if (!picked.isOne()) {
            String skipped = picked.faults().skipped() > 0
                    ? " and left out " + picked.faults().skipped() + " in which something is missing"
                    : "";
            throw new KindlingException(setting("where") + ": found " + picked.count() + " rows of " + source
                    + " where " + condition + skipped + ", expected one");
        }
        requireKnown(List.of(picked.first().label()));
        return picked.first();
    }

    private PickedRows pick(String condition) {
        try {
            TableReader how = reader;
            int features = signature.inputs().count();
            JavaRDD<InternalRow> found = read(rows.where(condition));
            return found.getNumPartitions() == 0
                    ? new PickedRows()
                    : found.mapPartitions(part -> List.of(PickedRows.of(
                                            how.open(part, features),
                                            how.targets().size()))
                                    .iterator())
                            .reduce(PickedRows::plus);
        } catch (Exception e) { // some that Spark throws are checked, but Scala does not declare them
            Optional<KindlingException> known = KindlingException.in(e);
            throw known.isPresent()
                    ? new KindlingException(known.get().getMessage(), e)
                    : new KindlingException(
                            setting("where") + ": found " + condition
                                    + ", expected a condition in SQL on the columns of " + source + ": "
                                    + Reason.innermost(e),
                            e);
        }
    }

    /** {@link #pack(int)} for as many partitions as suit the cores. */
    public PackedRows pack() {
        JavaRDD<InternalRow> read = read(rows);
        TableSurvey survey = TableSurvey.of(read, reader);
        SparkContext context = rows.sparkSession().sparkContext();
        return pack(
                read,
                survey,
                PackedRows.partitions(
                        survey.rows(), signature.inputs().count(), context.defaultParallelism(), context.isLocal()));
    }

    /**
     * Packs and caches the rows, in two Spark jobs, and in two more where many rows are equal.
     *
     * @param partitions at least 1
     * @throws KindlingException if a row is wrong or of a label that the model does not know, or if there are none
     */
    public PackedRows pack(int partitions) {
        JavaRDD<InternalRow> read = read(rows);
        return pack(read, TableSurvey.of(read, reader), partitions);
    }

    private PackedRows pack(JavaRDD<InternalRow> read, TableSurvey survey, int partitions) {
        survey.requireSound(source);
        int features = signature.inputs().count();
        if (survey.features() != features) {
            throw new KindlingException(source + ": found " + survey.features() + " features in " + columns.features()
                    + ", expected " + features);
        }
        requireKnown(survey.labels().keySet());
        LabelNumbers numbers =
                new LabelNumbers(signature.labels().map(Labels::values).orElse(List.of()));
        double[] factors = new double[numbers.count()];
        Arrays.fill(factors, 1);
        Standardisation targets =
                signature.targets().map(Targets::standardisation).orElse(NO_TARGETS);
        PackedForm form =
                new PackedForm(source, numbers, factors, signature.inputs().standardisation(), targets);
        TableReader how = reader;
        return PackedRows.pack(
                read,
                part -> new RowPacker(how.open(part, features), form),
                survey.counts(),
                survey.heldOutCounts(),
                HeldOut.NONE,
                new SparseRows(features, targets.inputs()),
                partitions,
                source);
    }

    private void requireKnown(Collection<String> found) {
        labels.ifPresent(known -> known.require(found, reader.label()));
    }
}
