package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The column of features: vectors, arrays of numbers, or bytes. */
final class FeatureColumn {
    private FeatureColumn() {}

    /** A schema in which features that are an array of numbers, or bytes, are a vector: all that Spark ML's own classes admit. */
    static StructType asVector(StructType schema, String features) {
        if (!isArray(schema, features)) {
            return schema;
        }
        StructField field = schema.apply(features);
        return with(schema, new StructField(features, SQLDataTypes.VectorType(), field.nullable(), field.metadata()));
    }

    /** The other way round: features as they were in the schema that was given. */
    static StructType asGiven(StructType schema, String features, StructType given) {
        return isArray(given, features) ? with(schema, given.apply(features)) : schema;
    }

    private static StructType with(StructType schema, StructField field) {
        return new StructType(Arrays.stream(schema.fields())
                .map(each -> each.name().equals(field.name()) ? field : each)
                .toArray(StructField[]::new));
    }

    /** Whether features are an array of numbers, or bytes. */
    static boolean isArray(StructType schema, String features) {
        if (!Arrays.asList(schema.fieldNames()).contains(features)) {
            return false;
        }
        DataType type = schema.apply(features).dataType();
        return type.equals(DataTypes.BinaryType)
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    /** How many features a row has, by the metadata or the first row. */
    static int size(Dataset<?> dataset, String column) {
        return dataset.schema().apply(column).dataType().equals(DataTypes.BinaryType)
                ? dataset.select(functions.length(col(column))).head().getInt(0)
                : DatasetUtils$.MODULE$.getNumFeatures(dataset, column);
    }
}
