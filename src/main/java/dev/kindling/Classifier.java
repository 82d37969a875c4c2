package dev.kindling;

import dev.kindling.data.tables.ClassWeights;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Learns which class a row is of, from the columns of any DataFrame:
 *
 * <pre>{@code
 * ClassifierModel model = new Classifier().label("species").fit(flowers);
 * }</pre>
 *
 * <p>Nothing has to be prepared. Labels are numbers, strings or booleans, whatever their values, and predictions are those values.
 * Inputs are standardised inside. The result depends on which rows there are, the seed and the settings, and not on the order of
 * the rows or on how they are partitioned.
 *
 * <p>The rows are read three times, so a DataFrame that is dear to compute should be cached, and one that is random must be.
 */
public final class Classifier extends Estimator<Classifier> {
    /** The names of labels that need not be said. */
    static final List<String> LABELS = List.of("label", "class", "target", "species", "y");

    /** With all columns but the label for features, and settings that follow from the size of the data. */
    public Classifier() {
        this(Configuration.DEFAULT);
    }

    private Classifier(Configuration configuration) {
        super(configuration);
    }

    @Override
    Classifier with(Configuration other) {
        return new Classifier(other);
    }

    /** The column of the classes: numbers, strings or booleans. By default the first of label, class, target, species and y that there is. */
    public Classifier label(String column) {
        return withColumns(spec -> spec.withLabel(column));
    }

    /**
     * The classes, where rows may lack some: values of the label's column, in the order that probabilities are to have. By default
     * those that are in the rows, in their own order.
     */
    public Classifier labels(List<?> values) {
        return withColumns(spec -> spec.withLabels(values));
    }

    /**
     * A factor for the weight of the rows of some classes.
     *
     * @param factors by label, each 0 or more; that of the other classes is 1
     */
    public Classifier classWeights(Map<?, Double> factors) {
        Map<String, Double> byText = new TreeMap<>();
        factors.forEach((label, factor) -> byText.put(String.valueOf(label), factor));
        return with(configuration().with(new ClassWeights(false, byText)));
    }

    /** Gives the rows of each class together the same weight, however few they are. */
    public Classifier balanced() {
        return with(configuration().with(ClassWeights.BALANCED));
    }

    /**
     * Begins with a model's parameters instead of random ones, and trains it on. Features, labels and their column, standardisation
     * and layers are the model's; rows may lack some of its labels. The same model, rows, seed and settings give the same bits.
     */
    public Classifier from(ClassifierModel model) {
        return startingWith(model).label(model.labelColumn());
    }

    /**
     * Trains on rows.
     *
     * @throws dev.kindling.error.KindlingException if a column is missing or of a type that is not read, if a row is wrong, if a
     *     setting is out of range, or if training diverges
     */
    public ClassifierModel fit(Dataset<Row> rows) {
        return new ClassifierModel(train(rows));
    }

    @Override
    Classifier complete(StructType schema) {
        return configuration().columns().label().isPresent() ? this : label(usual(schema, LABELS, "label"));
    }
}
