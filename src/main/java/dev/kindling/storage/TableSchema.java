package dev.kindling.storage;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The types of models and checkpoints, as Spark has them and as Parquet does. Spark reads and writes the same. */
final class TableSchema {
    private static final LogicalTypeAnnotation MICROSECONDS =
            LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS);

    private TableSchema() {}

    /** The Parquet schema of a table. */
    static MessageType parquet(StructType schema) {
        return new MessageType("table", fields(schema));
    }

    private static List<Type> fields(StructType struct) {
        return Stream.of(struct.fields())
                .map(field -> parquet(field.name(), field.dataType(), field.nullable()))
                .toList();
    }

    private static Type parquet(String name, DataType type, boolean nullable) {
        Repetition repetition = nullable ? Repetition.OPTIONAL : Repetition.REQUIRED;
        if (type instanceof ArrayType array) {
            return Types.list(repetition)
                    .element(parquet("element", array.elementType(), array.containsNull()))
                    .named(name);
        }
        if (type instanceof MapType map) {
            return Types.map(repetition)
                    .key(parquet("key", map.keyType(), false))
                    .value(parquet("value", map.valueType(), map.valueContainsNull()))
                    .named(name);
        }
        if (type instanceof StructType struct) {
            return new GroupType(repetition, name, fields(struct));
        }
        return Types.primitive(primitive(type), repetition)
                .as(
                        type.equals(DataTypes.StringType)
                                ? LogicalTypeAnnotation.stringType()
                                : type.equals(DataTypes.TimestampType) ? MICROSECONDS : null)
                .named(name);
    }

    private static PrimitiveTypeName primitive(DataType type) {
        if (type.equals(DataTypes.IntegerType)) {
            return PrimitiveTypeName.INT32;
        }
        if (type.equals(DataTypes.LongType) || type.equals(DataTypes.TimestampType)) {
            return PrimitiveTypeName.INT64;
        }
        if (type.equals(DataTypes.FloatType)) {
            return PrimitiveTypeName.FLOAT;
        }
        if (type.equals(DataTypes.DoubleType)) {
            return PrimitiveTypeName.DOUBLE;
        }
        if (type.equals(DataTypes.StringType)) {
            return PrimitiveTypeName.BINARY;
        }
        throw new IllegalArgumentException("no table of a model or a checkpoint has a column of type " + type);
    }

    /** A Parquet type as {@link DataType#catalogString} writes that of Spark, or as Parquet does if Spark has none like it. */
    static String name(Type type) {
        if (type.isRepetition(Repetition.REPEATED)) {
            return type.toString();
        }
        if (type.isPrimitive()) {
            return name(type.asPrimitiveType());
        }
        GroupType group = type.asGroupType();
        LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
        if (logical == null) {
            return group.getFields().stream()
                    .map(field -> field.getName() + ":" + name(field))
                    .collect(Collectors.joining(",", "struct<", ">"));
        }
        boolean oneRepeated = group.getFieldCount() == 1
                && group.getType(0).isRepetition(Repetition.REPEATED)
                && !group.getType(0).isPrimitive();
        List<Type> parts = oneRepeated ? group.getType(0).asGroupType().getFields() : List.of();
        if (logical.equals(LogicalTypeAnnotation.listType()) && parts.size() == 1) {
            return "array<" + name(parts.get(0)) + ">";
        }
        if (logical.equals(LogicalTypeAnnotation.mapType()) && parts.size() == 2) {
            return "map<" + name(parts.get(0)) + "," + name(parts.get(1)) + ">";
        }
        return group.toString();
    }

    private static String name(PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> logical == null ? "int" : type.toString();
            case INT64 -> logical == null ? "bigint" : logical.equals(MICROSECONDS) ? "timestamp" : type.toString();
            case INT96 -> "timestamp"; // as Spark writes it by default
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case BINARY -> LogicalTypeAnnotation.stringType().equals(logical) ? "string" : type.toString();
            default -> type.toString();
        };
    }

    /** The columns of a table, for messages. */
    static String columns(MessageType schema) {
        return schema.getFields().stream()
                .map(field -> field.getName() + " " + name(field))
                .collect(Collectors.joining(", "));
    }

    /** Whether it has a column of the name and the type. */
    static boolean has(MessageType schema, StructField field) {
        return schema.containsField(field.name())
                && name(schema.getType(field.name())).equals(field.dataType().catalogString());
    }
}
