package dev.kindling.data.tables;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.Labels;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The labels of a model, or those that a caller names, beside those of rows.
 *
 * @param source where the rows come from, for messages
 * @param known where the labels come from, for messages
 */
record KnownLabels(Labels labels, String source, String known) {
    /** Those of a model. */
    static KnownLabels ofModel(Labels labels, String source) {
        return new KnownLabels(labels, source, "one that the model was trained on");
    }

    /** Those that a caller names, of a column's type; empty if none is named. */
    static Optional<KnownLabels> named(TableSpec spec, StructType schema, String source) {
        if (spec.labels().isEmpty()) {
            return Optional.empty();
        }
        StructField column = FeatureColumns.find(schema, spec.label().orElseThrow(), source);
        Labels labels = Labels.named(column.name(), column.dataType().sql(), spec.labels());
        return Optional.of(new KnownLabels(labels, source, "one of those that are named"));
    }

    /** The rows with labels of the model's type, so that equal ones are the same text: 1 and not 1.0. */
    Dataset<Row> typed(Dataset<Row> rows, String column) {
        String name = FeatureColumns.find(rows.schema(), column, source).name();
        return rows.withColumn(name, FeatureColumns.named(name).cast(labels.type()));
    }

    /**
     * Refuses others.
     *
     * @throws KindlingException naming the first that is not one of the model's
     */
    void require(Collection<String> found, String column) {
        Set<String> unknown = new TreeSet<>(found);
        unknown.removeAll(Set.copyOf(labels.values()));
        if (!unknown.isEmpty()) {
            throw new KindlingException(source + ": found label "
                    + unknown.iterator().next() + " in column " + column + ", expected " + known);
        }
    }
}
