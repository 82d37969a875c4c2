package dev.kindling.data;

import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * The rows of a DataFrame that a caller gives, as {@link LabelledRows#SCHEMA}. Columns are found by their names, numbers
 * of other types are converted, and what is null or no number is refused.
 *
 * <p>It returns one object, filled again for each row: Spark copies each row as it comes.
 */
final class GivenRows implements Iterator<InternalRow> {
    private static final List<DataType> WHOLE_NUMBERS =
            List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    private final Iterator<InternalRow> rows;
    private final String source;
    private final SpecificInternalRow result = new SpecificInternalRow(LabelledRows.SCHEMA);

    private GivenRows(Iterator<InternalRow> rows, String source) {
        this.rows = rows;
        this.source = source;
    }

    /**
     * The DataFrame in {@link LabelledRows#SCHEMA}.
     *
     * @throws KindlingException naming the column that is missing or has a type that is not read; a job over the rows
     *     fails with one as its cause if a row is wrong
     */
    static Dataset<Row> of(Dataset<Row> given, String source) {
        StructField id = column(given, "id", source, WHOLE_NUMBERS::contains, "TINYINT, SMALLINT, INT or BIGINT");
        StructField label = column(given, "label", source, GivenRows::isLabel, "a type of numbers, or BOOLEAN");
        StructField features = column(
                given, "features", source, GivenRows::isFeatures, "ARRAY with a type of numbers for its elements");
        boolean truth = label.dataType().equals(DataTypes.BooleanType);
        Dataset<Row> converted = given.select(
                named(given, id).cast("bigint"),
                // As text, which has every digit of every type: 0.999999999999999999 is no double, and no whole number.
                (truth ? named(given, label).cast("int") : named(given, label)).cast("string"),
                named(given, features).cast("array<float>"));
        return RowRelation.of(
                given.sparkSession(),
                () -> converted.queryExecution().toRdd().toJavaRDD().mapPartitions(rows -> new GivenRows(rows, source)),
                source);
    }

    private static StructField column(
            Dataset<Row> given, String name, String source, Predicate<DataType> isRead, String expected) {
        StructField[] columns = given.schema().fields();
        List<StructField> found = Stream.of(columns)
                .filter(column -> column.name().equalsIgnoreCase(name))
                .toList();
        if (found.size() != 1) {
            throw new KindlingException(source + ": found columns "
                    + String.join(", ", given.schema().fieldNames()) + ", expected one called " + name);
        }
        DataType type = found.get(0).dataType();
        if (!isRead.test(type)) {
            throw new KindlingException(
                    source + ": found column " + name + " of type " + type.sql() + ", expected " + expected);
        }
        return found.get(0);
    }

    private static Column named(Dataset<Row> given, StructField column) {
        return given.col("`" + column.name() + "`");
    }

    private static boolean isLabel(DataType type) {
        return type instanceof NumericType || type.equals(DataTypes.BooleanType);
    }

    private static boolean isFeatures(DataType type) {
        return type instanceof ArrayType array && array.elementType() instanceof NumericType;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public InternalRow next() {
        InternalRow row = rows.next();
        if (row.isNullAt(0)) {
            throw new KindlingException(source + ": found a row whose id is null, expected its position, from 0");
        }
        result.setLong(0, row.getLong(0));
        result.setInt(1, label(row));
        result.update(2, features(row));
        return result;
    }

    private int label(InternalRow row) {
        String text = row.isNullAt(1) ? "null" : row.getUTF8String(1).toString();
        try {
            return new BigDecimal(text).intValueExact();
        } catch (ArithmeticException | NumberFormatException e) { // the latter for null, NaN and infinities
            throw wrong(row, "label " + text, "a whole number", e);
        }
    }

    private ArrayData features(InternalRow row) {
        if (row.isNullAt(2)) {
            throw wrong(row, "features that are null", "an array of numbers", null);
        }
        ArrayData features = row.getArray(2);
        for (int k = 0; k < features.numElements(); k++) {
            if (features.isNullAt(k)) {
                throw wrong(row, "feature " + k + " is null", "a number", null);
            }
        }
        return features;
    }

    private KindlingException wrong(InternalRow row, String found, String expected, Exception cause) {
        return new KindlingException(
                source + " row " + row.getLong(0) + ": found " + found + ", expected " + expected, cause);
    }
}
