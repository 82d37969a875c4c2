package dev.kindling.data.tables;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.FeatureForm;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;

/**
 * What tasks need to know to read rows as {@link TableColumns} selects them.
 *
 * @param form how features are given
 * @param features the names of their columns, for messages
 * @param label the name of that column; null if there is none
 * @param isLabelFloat whether labels are numbers that may be NaN
 * @param targets the names of these columns
 * @param weight the name of that column; null if there is none
 * @param heldOut the name of that column; null if there is none
 * @param missing what to do with rows in which something is missing
 * @param seed of the hashes of rows
 */
record TableReader(
        FeatureForm form,
        List<String> features,
        String label,
        boolean isLabelFloat,
        List<String> targets,
        String weight,
        String heldOut,
        Missing missing,
        long seed)
        implements Serializable {

    /** @throws KindlingException if rows are to be kept in which something is missing */
    static TableReader of(TableColumns columns, Missing missing, long seed) {
        if (missing == Missing.KEEP) {
            throw new KindlingException(setting("missing")
                    + ": found keep, expected error or skip: there is no loss and no gradient of what is missing");
        }
        String labelType =
                columns.label().map(column -> column.dataType().typeName()).orElse("");
        return new TableReader(
                columns.features().form(),
                List.copyOf(columns.features().names()),
                columns.label().map(StructField::name).orElse(null),
                labelType.equals("float") || labelType.equals("double"),
                columns.targets().stream().map(StructField::name).toList(),
                columns.weight().map(StructField::name).orElse(null),
                columns.heldOut().map(StructField::name).orElse(null),
                missing,
                seed);
    }

    /**
     * Opens the rows of a task.
     *
     * @param width the number of features, or -1 if it is that of the first row
     */
    TableRows open(Iterator<InternalRow> rows, int width) {
        return new TableRows(rows, this, form == FeatureForm.COLUMNS ? features.size() : width);
    }

    /** The name of a feature, for messages. */
    String feature(int feature) {
        return form.name(features, feature);
    }
}
