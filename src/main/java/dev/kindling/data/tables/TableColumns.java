package dev.kindling.data.tables;

import static org.apache.spark.sql.functions.lit;

import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a DataFrame, found and looked at.
 *
 * @param features where features are read
 * @param label the column of the classes, if there is one
 * @param targets the columns of numbers to be predicted
 * @param weight the column of weights, if there is one
 * @param heldOut the column that says which rows are held out, if there is one
 */
record TableColumns(
        FeatureColumns features,
        Optional<StructField> label,
        List<StructField> targets,
        Optional<StructField> weight,
        Optional<StructField> heldOut) {

    /** The ordinals of what {@link #select} selects. */
    static final int LABEL = 0;

    static final int WEIGHT = 1;
    static final int HELD_OUT = 2;
    static final int TARGETS = 3;

    /**
     * Finds the columns.
     *
     * @param source where the rows come from, for messages
     * @throws KindlingException if one is missing, there twice, or of a type that is not read
     */
    static TableColumns of(StructType schema, TableSpec spec, String source) {
        checkNames(schema, source);
        Optional<StructField> label = spec.label().map(name -> FeatureColumns.find(schema, name, source));
        label.ifPresent(column -> require(column, isLabel(column.dataType()), "numbers, strings or booleans", source));
        List<StructField> targets = spec.targets().stream()
                .map(name -> FeatureColumns.find(schema, name, source))
                .toList();
        targets.forEach(column -> require(column, column.dataType() instanceof NumericType, "numbers", source));
        Optional<StructField> weight = spec.weight().map(name -> FeatureColumns.find(schema, name, source));
        weight.ifPresent(column -> require(column, column.dataType() instanceof NumericType, "numbers", source));
        Optional<StructField> heldOut = spec.heldOut().map(name -> FeatureColumns.find(schema, name, source));
        heldOut.ifPresent(
                column -> require(column, column.dataType().equals(DataTypes.BooleanType), "booleans", source));
        List<String> others = Stream.of(label.stream(), targets.stream(), weight.stream(), heldOut.stream())
                .flatMap(columns -> columns)
                .map(StructField::name)
                .toList();
        List<String> features = spec.features();
        if (features.isEmpty()) {
            features = Arrays.stream(schema.fieldNames())
                    .filter(name -> !others.contains(name))
                    .toList();
        }
        for (String name : features) {
            if (others.contains(FeatureColumns.find(schema, name, source).name())) {
                throw new KindlingException(source + ": found column " + name
                        + " among the features and as label, target, weight or held-out rows, expected one use of it");
            }
        }
        FeatureColumns found = FeatureColumns.of(schema, features, source);
        return new TableColumns(found, label, targets, weight, heldOut);
    }

    private static void checkNames(StructType schema, String source) {
        List<String> names = new ArrayList<>();
        for (String name : schema.fieldNames()) {
            if (names.contains(name)) {
                throw new KindlingException(
                        source + ": found two columns called " + name + ", expected one: rename or drop the other");
            }
            names.add(name);
        }
    }

    private static boolean isLabel(DataType type) {
        return FeatureColumns.isNumber(type) || DataTypes.StringType.sameType(type);
    }

    private static void require(StructField column, boolean isRead, String expected, String source) {
        if (!isRead) {
            throw new KindlingException(source + ": found column " + column.name() + " of type "
                    + column.dataType().sql() + ", expected " + expected);
        }
    }

    /** Label as text, weight, whether it is held out, targets, features; what there is no column for is a constant. */
    Column[] select() {
        List<Column> columns = new ArrayList<>();
        columns.add(label.map(TableColumns::text).orElse(lit("")));
        columns.add(weight.map(TableColumns::number).orElse(lit(1.0)));
        columns.add(heldOut.map(column -> FeatureColumns.named(column.name())).orElse(lit(false)));
        targets.forEach(column -> columns.add(number(column)));
        columns.addAll(features.select());
        return columns.toArray(Column[]::new);
    }

    private static Column number(StructField column) {
        return FeatureColumns.named(column.name()).cast(DataTypes.DoubleType);
    }

    /** As text, which has every digit of every type. Of the two zeros of a float there is one. */
    private static Column text(StructField column) {
        DataType type = column.dataType();
        Column value = FeatureColumns.named(column.name());
        boolean isFloat = type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType);
        return (isFloat ? value.plus(lit(0).cast(type)) : value).cast(DataTypes.StringType);
    }
}
