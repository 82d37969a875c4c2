package dev.kindling.data.files;

import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The forms in which a Parquet column may hold the features of its rows. */
enum ParquetFeatures {
    /** Arrays of float or double, taken as they are. */
    NUMBERS("array<float>"),
    /** Arrays of whole numbers, which are pixels 0 to 255. */
    PIXELS("array<bigint>"),
    /** Binary: each byte is a pixel 0 to 255. */
    BYTES("binary");

    private static final Set<DataType> FRACTIONS = Set.of(DataTypes.FloatType, DataTypes.DoubleType);
    private static final Set<DataType> WHOLE_NUMBERS =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /** The type that Spark casts the column to, so that {@link ParquetIterator} meets only three types. */
    final String type;

    ParquetFeatures(String type) {
        this.type = type;
    }

    /** The form of a column of this type, if it is one of them. */
    static Optional<ParquetFeatures> of(DataType type) {
        if (type instanceof ArrayType array && FRACTIONS.contains(array.elementType())) {
            return Optional.of(NUMBERS);
        }
        if (type instanceof ArrayType array && WHOLE_NUMBERS.contains(array.elementType())) {
            return Optional.of(PIXELS);
        }
        return type.equals(DataTypes.BinaryType) ? Optional.of(BYTES) : Optional.empty();
    }

    /** Whether labels may be of this type. */
    static boolean isWhole(DataType type) {
        return WHOLE_NUMBERS.contains(type);
    }
}
