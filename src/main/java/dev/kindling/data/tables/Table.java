package dev.kindling.data.tables;

import dev.kindling.data.HashCounts;
import dev.kindling.data.HeldOut;
import dev.kindling.data.PackedRows;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.SparseRows;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A DataFrame of any columns, looked at and ready to be packed: what its columns are, how many rows there are, which labels they
 * have, and how its numbers are standardised. All of that depends on which rows there are, and not on their order or partitions.
 *
 * <p>The rows are gone through three times: once for ranges and labels, once for sums over the rows to train on, once to pack
 * them. They are hashed each time, so that other rows are noticed.
 */
public final class Table {
    /** So many columns may be of one kind: {@link #isOneKind}. */
    private static final int MANY_COLUMNS = 16;

    private final TableColumns columns;
    private final TableSpec spec;
    private final TableReader reader;
    private final String source;
    private final JavaRDD<InternalRow> rows;
    private final TableSurvey survey;
    private final HeldOut heldOut;
    private final Optional<Labels> labels;
    private final ColumnSums sums;
    private final Standardisation inputs;
    private final Standardisation targets;

    /**
     * Looks at a DataFrame, in two Spark jobs.
     *
     * @param seed of the hashes that decide where rows go
     * @param validationFraction the share of the rows that is held out, 0 to below 1; 0 where a column says which are
     * @param source where the rows come from, for messages
     * @param model what goes into the model that training begins with and comes out of it, if it begins with one: labels are
     *     numbered and numbers standardised as they were for that
     * @throws KindlingException if a column is missing or of a type that is not read, if a row is wrong, if nothing can be
     *     trained on the rows, or if they do not fit the model
     */
    public Table(
            Dataset<Row> given,
            TableSpec spec,
            long seed,
            double validationFraction,
            String source,
            Optional<Signature> model) {
        this.spec = spec;
        this.source = source;
        Optional<KnownLabels> known = model.flatMap(Signature::labels)
                .map(all -> KnownLabels.ofModel(all, source))
                .or(() -> KnownLabels.named(spec, given.schema(), source));
        Dataset<Row> typed = known.isPresent() && spec.label().isPresent()
                ? known.get().typed(given, spec.label().get())
                : given;
        this.columns = TableColumns.of(typed.schema(), spec, source);
        model.ifPresent(signature -> checkFit(typed.schema(), signature));
        this.reader = TableReader.of(columns, spec.missing(), seed);
        this.rows = typed.select(columns.select()).queryExecution().toRdd().toJavaRDD();
        this.survey = TableSurvey.of(rows, reader);
        check();
        known.ifPresent(all -> all.require(survey.labels().keySet(), reader.label()));
        this.labels = columns.label()
                .map(column -> known.isPresent() ? named(known.get().labels(), column) : labels(column));
        this.heldOut = spec.heldOut().isPresent()
                ? HeldOut.BY_ROW
                : HeldOut.share(validationFraction, survey.counts(), source);
        this.sums = sum();
        this.inputs =
                model.map(signature -> signature.inputs().standardisation()).orElseGet(this::inputStandardisation);
        this.targets =
                model.flatMap(Signature::targets).map(Targets::standardisation).orElseGet(this::targetStandardisation);
        if (inputs.inputs() != survey.features()) {
            throw new KindlingException(source + ": found " + survey.features() + " features in " + columns.features()
                    + ", expected the " + inputs.inputs() + " of the model to begin with");
        }
    }

    /** Refuses columns that are not those of the model to begin with. */
    private void checkFit(StructType schema, Signature model) {
        FeatureColumns.of(schema, model.inputs(), source);
        List<String> targets = model.targets().map(Targets::columns).orElse(List.of());
        boolean sameFeatures = columns.features().form() != FeatureForm.COLUMNS
                || columns.features().names().equals(model.inputs().columns());
        if (!sameFeatures || !targetNames().equals(targets)) {
            throw new KindlingException(source + ": found features " + columns.features()
                    + (targetNames().isEmpty() ? "" : " and targets " + String.join(", ", targetNames()))
                    + ", expected those of the model to begin with: "
                    + String.join(", ", model.inputs().columns())
                    + (targets.isEmpty() ? "" : " and " + String.join(", ", targets)));
        }
    }

    private static Labels named(Labels labels, StructField column) {
        return new Labels(column.name(), labels.type(), labels.values());
    }

    private void check() {
        survey.requireSound(source);
        if (survey.counts().rows() == 0
                || (spec.heldOut().isPresent() && survey.heldOutCounts().rows() == 0)) {
            throw new KindlingException(source + ": found " + (survey.counts().rows() == 0 ? "only" : "no")
                    + " rows that column " + spec.heldOut().orElseThrow()
                    + " holds out, expected some to train on and some to hold out");
        }
        if (survey.features() == 0 || survey.features() > Architecture.MAX_INPUTS) {
            throw new KindlingException(
                    source + ": found " + survey.features() + " features, expected 1 to " + Architecture.MAX_INPUTS);
        }
        if (survey.maxWeight() == 0) {
            throw new KindlingException(source + ": found weight 0 in every row, expected weights above 0");
        }
    }

    private Labels labels(StructField column) {
        Map<String, Long> found = survey.labels();
        if (found.size() == 1) {
            throw new KindlingException(source + ": found only the label "
                    + found.keySet().iterator().next() + " in column " + column.name() + ", expected at least two");
        }
        long once = found.values().stream().filter(count -> count == 1).count();
        if (found.size() > Architecture.MAX_SIZE || (found.size() > 100 && 2 * once > found.size())) {
            String many =
                    found.size() > Architecture.MAX_SIZE ? "more than " + Architecture.MAX_SIZE : "" + found.size();
            throw new KindlingException(source + ": found " + many + " different labels in " + survey.rows()
                    + " rows in column " + column.name() + ", expected classes with several rows each, at most "
                    + Architecture.MAX_SIZE + "; numbers are predicted by a regressor");
        }
        return Labels.sorted(column.name(), column.dataType().sql(), found.keySet());
    }

    private ColumnSums sum() {
        TableReader how = reader;
        int features = survey.features();
        HeldOut held = heldOut;
        double maxWeight = survey.maxWeight();
        LabelNumbers numbers = numbers();
        ColumnSums none = new ColumnSums(survey.ranges(), survey.rows(), numbers.count());
        ColumnSums found = rows.mapPartitions(part -> List.of(
                                sum(how.open(part, features), how.targets().size(), held, maxWeight, numbers, none))
                        .iterator())
                .treeReduce(ColumnSums::plus);
        long expected = survey.counts().sum() + survey.heldOutCounts().sum();
        if (found.hashes() != expected) {
            throw HashCounts.changed(source);
        }
        return found;
    }

    private static ColumnSums sum(
            TableRows rows, int targets, HeldOut held, double maxWeight, LabelNumbers labels, ColumnSums sums) {
        while (rows.next()) {
            long hash = rows.hash();
            sums.addHash(hash);
            Integer label = labels.of(rows.label());
            if (label == null || held.test(hash, rows.isHeldOut())) {
                continue; // a label that was not there before is noticed by its hash
            }
            double weight = rows.weight() / maxWeight;
            Features row = rows.features();
            sums.addRow(label, weight);
            for (int k = 0; k < row.width(); k++) {
                double value = row.values()[k];
                if (value != 0 || !sums.skipsZeros(k)) {
                    sums.add(k, value, weight);
                }
            }
            for (int k = 0; k < targets; k++) {
                sums.add(row.width() + k, rows.target(k), weight);
            }
        }
        return sums;
    }

    private LabelNumbers numbers() {
        return new LabelNumbers(labels.map(Labels::values).orElse(List.of()));
    }

    /** Pixels, and others of one kind, have one scale, and zeros stay zeros; each other column has its own mean and deviation. */
    private Standardisation inputStandardisation() {
        int features = survey.features();
        double[] shift = new double[features];
        double[] deviation = new double[features];
        for (int k = 0; k < features; k++) {
            deviation[k] = sums.deviation(k);
        }
        if (isPixels()) {
            Arrays.fill(deviation, Inputs.LEVELS);
        } else if (isOneKind()) {
            double variance =
                    Arrays.stream(deviation).map(each -> each * each).average().orElse(0);
            Arrays.fill(deviation, Math.sqrt(variance));
        } else {
            for (int k = 0; k < features; k++) {
                shift[k] = survey.ranges().isSparse(k) ? 0 : sums.mean(k);
            }
        }
        return new Standardisation(shift, deviation);
    }

    private Standardisation targetStandardisation() {
        int count = columns.targets().size();
        double[] mean = new double[count];
        double[] deviation = new double[count];
        for (int k = 0; k < count; k++) {
            mean[k] = sums.mean(survey.features() + k);
            deviation[k] = sums.deviation(survey.features() + k);
        }
        return new Standardisation(mean, deviation);
    }

    /** Whether the features are bytes, or whole numbers of one kind that go up to the levels of a byte. */
    private boolean isPixels() {
        return columns.features().form() == FeatureForm.BYTES
                || (isOneKind() && survey.ranges().max() > Inputs.LEVELS / 2.0);
    }

    /**
     * Whether the features are all of one kind, such as counts or grey levels: many columns of whole numbers from 0 on, most of which
     * go beyond half of the largest. A scale for each would make much of those that are hardly ever set, as at the edge of images.
     */
    private boolean isOneKind() {
        ColumnRanges ranges = survey.ranges();
        return survey.features() >= MANY_COLUMNS
                && columns.targets().isEmpty()
                && ranges.max() > 1
                && ranges.isWhole(Inputs.LEVELS)
                && 2 * ranges.above(ranges.max() / 2) >= survey.features();
    }

    /** Where the features are read, by the names of the columns. */
    public FeatureColumns features() {
        return columns.features();
    }

    /** How many features a row has. */
    public int width() {
        return survey.features();
    }

    /** How many rows there are, those that are held out too. */
    public long rows() {
        return survey.rows();
    }

    /** How many rows there are to train on. */
    public long trainingRows() {
        return sums.rows();
    }

    /** How many rows are left out because something in them is missing. */
    public long skipped() {
        return survey.faults().skipped();
    }

    /** The classes; empty where there are targets. */
    public Optional<Labels> labels() {
        return labels;
    }

    /** How the features are standardised. */
    public Standardisation inputs() {
        return inputs;
    }

    /** How the targets are standardised; without any where there is a label. */
    public Standardisation targets() {
        return targets;
    }

    /** The names of the targets. */
    public List<String> targetNames() {
        return columns.targets().stream().map(StructField::name).toList();
    }

    /**
     * Packs and caches the rows, in a Spark job.
     *
     * @param partitions at least 1
     * @param classWeights a factor for the weights of the rows of each class; empty for none
     * @throws KindlingException if the rows are others than before
     */
    public PackedRows pack(int partitions, ClassWeights classWeights) {
        TableReader how = reader;
        int features = survey.features();
        PackedForm form = new PackedForm(source, numbers(), factors(classWeights), inputs, targets);
        return PackedRows.pack(
                rows,
                part -> new RowPacker(how.open(part, features), form),
                survey.counts(),
                survey.heldOutCounts(),
                heldOut,
                new SparseRows(features, targets.inputs()),
                partitions,
                source);
    }

    private double[] factors(ClassWeights classWeights) {
        double[] factors = labels.map(all -> classWeights.factors(all, sums)).orElse(new double[] {1});
        double weight = 0;
        for (int k = 0; k < factors.length; k++) {
            weight += factors[k] * sums.weight(k);
        }
        if (weight == 0) {
            throw new KindlingException(source + ": found weight 0 in every row, expected weights above 0");
        }
        for (int k = 0; k < factors.length; k++) {
            factors[k] *= sums.rows() / weight / survey.maxWeight();
        }
        return factors;
    }
}
