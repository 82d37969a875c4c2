package dev.kindling.data.tables;

import static org.apache.spark.sql.functions.col;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a DataFrame that features are read from.
 *
 * @param names of the columns, as the DataFrame writes them; of all forms but {@link FeatureForm#COLUMNS} there is one
 * @param form how they give the features
 */
public record FeatureColumns(List<String> names, FeatureForm form) {
    /** By the name of its type, so that Spark ML need not be there. */
    private static final String VECTOR = "vector";

    /**
     * Finds columns and looks at their types.
     *
     * @param names one column of arrays, vectors or bytes, or any number of columns of numbers and booleans
     * @param source where the rows come from, for messages
     * @throws KindlingException if there are none, or if one is missing, there twice, or of a type that is not read
     */
    public static FeatureColumns of(StructType schema, List<String> names, String source) {
        List<StructField> columns =
                names.stream().map(name -> find(schema, name, source)).toList();
        if (columns.isEmpty()) {
            throw new KindlingException(
                    source + ": found columns " + list(schema) + ", expected some for features beside the others");
        }
        List<String> found = columns.stream().map(StructField::name).toList();
        if (columns.size() == 1 && form(columns.get(0).dataType()) != FeatureForm.COLUMNS) {
            StructField only = columns.get(0);
            FeatureForm form = form(only.dataType());
            if (form != null) {
                return new FeatureColumns(found, form);
            }
        }
        for (StructField column : columns) {
            if (form(column.dataType()) != FeatureForm.COLUMNS) {
                throw new KindlingException(source + ": found column " + column.name() + " of type "
                        + column.dataType().sql() + " among the features, expected "
                        + (form(column.dataType()) == null
                                ? "numbers or booleans: encode it, or name the columns that are features"
                                : "it to be the only one: name the columns that are features"));
            }
        }
        return new FeatureColumns(found, FeatureForm.COLUMNS);
    }

    /**
     * Finds the columns that a model takes.
     *
     * @param source where the rows come from, for messages
     * @throws KindlingException if one is missing, or of a type that gives no such features
     */
    public static FeatureColumns of(StructType schema, Inputs inputs, String source) {
        FeatureColumns columns = of(schema, inputs.columns(), source);
        if ((columns.form == FeatureForm.COLUMNS) != (inputs.form() == FeatureForm.COLUMNS)) {
            throw new KindlingException(source + ": found features in " + columns
                    + " of another kind than the model was" + " trained on, expected " + inputs.form());
        }
        return columns;
    }

    /**
     * Checks columns that are given in the order of a model's inputs, whatever their names.
     *
     * @param types of the columns
     * @throws KindlingException if there are too few or too many, or if one is of a type that gives no such features
     */
    public static void check(Inputs inputs, List<DataType> types) {
        boolean isOne = inputs.form() != FeatureForm.COLUMNS;
        int expected = isOne ? 1 : inputs.count();
        if (types.size() != expected) {
            throw new KindlingException("the rows: found " + types.size() + " columns of features, expected " + expected
                    + ": " + String.join(", ", inputs.columns()));
        }
        for (int k = 0; k < expected; k++) {
            FeatureForm form = form(types.get(k));
            if (form == null || isOne == (form == FeatureForm.COLUMNS)) {
                throw new KindlingException(
                        "the rows: found type " + types.get(k).sql() + " for "
                                + inputs.columns().get(k) + ", expected "
                                + (isOne ? "an array of numbers, a vector, or bytes" : "a number or a boolean"));
            }
        }
    }

    /**
     * Finds a column by its name, as Spark does: capitals and small letters count as the same unless both are there.
     *
     * @throws KindlingException if there is none, or if there are two
     */
    public static StructField find(StructType schema, String name, String source) {
        List<StructField> exact = new ArrayList<>();
        List<StructField> similar = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (field.name().equals(name)) {
                exact.add(field);
            }
            if (field.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                similar.add(field);
            }
        }
        if (exact.size() > 1 || (exact.isEmpty() && similar.size() > 1)) {
            throw new KindlingException(source + ": found " + Math.max(exact.size(), similar.size())
                    + " columns called " + name + ", expected one: rename or drop the others");
        }
        if (similar.isEmpty()) {
            throw new KindlingException(source + ": found columns " + list(schema) + ", expected one called " + name);
        }
        return exact.isEmpty() ? similar.get(0) : exact.get(0);
    }

    private static String list(StructType schema) {
        return schema.length() == 0 ? "none" : String.join(", ", schema.fieldNames());
    }

    /** How a column gives features if it is the only one; null if it cannot. */
    public static FeatureForm form(DataType type) {
        if (isNumber(type)) {
            return FeatureForm.COLUMNS;
        }
        if (type instanceof ArrayType array && isNumber(array.elementType())) {
            return FeatureForm.ARRAY;
        }
        if (type.equals(DataTypes.BinaryType)) {
            return FeatureForm.BYTES;
        }
        return type.typeName().equals(VECTOR) ? FeatureForm.VECTOR : null;
    }

    static boolean isNumber(DataType type) {
        return type instanceof NumericType || type.equals(DataTypes.BooleanType);
    }

    /** A column by its name, whatever characters that has. */
    public static Column named(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /** What to select: a double for each of {@link FeatureForm#COLUMNS}, else one column. */
    public List<Column> select() {
        if (form == FeatureForm.COLUMNS) {
            return names.stream()
                    .map(name -> named(name).cast(DataTypes.DoubleType))
                    .toList();
        }
        Column only = named(names.get(0));
        return List.of(
                switch (form) {
                    case ARRAY -> only.cast(DataTypes.createArrayType(DataTypes.DoubleType));
                    case VECTOR -> functions.unwrap_udt(only);
                    default -> only;
                });
    }

    @Override
    public String toString() {
        return names.stream().collect(Collectors.joining(", "));
    }
}
