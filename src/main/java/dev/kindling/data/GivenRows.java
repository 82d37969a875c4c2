package dev.kindling.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
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
 * <p>Nobody knows the order of the rows of a DataFrame. Where they have no id, their place follows from what is in them: they
 * are numbered in the order of a hash of their contents, and of the contents themselves where hashes are equal. Equal rows are
 * interchangeable, so the same rows get the same numbers, however they are ordered, and cut into partitions and files.
 *
 * <p>It returns one object, filled again for each row: Spark copies each row as it comes.
 */
final class GivenRows implements Iterator<InternalRow> {
    private static final List<DataType> WHOLE_NUMBERS =
            List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    /** How many features of a row a message shows. */
    private static final int SHOWN = 10;

    private final Iterator<InternalRow> rows;
    private final String source;
    private final boolean hasIds;
    private final SpecificInternalRow result = new SpecificInternalRow(LabelledRows.SCHEMA);

    private GivenRows(Iterator<InternalRow> rows, String source, boolean hasIds) {
        this.rows = rows;
        this.source = source;
        this.hasIds = hasIds;
    }

    /**
     * The DataFrame in {@link LabelledRows#SCHEMA}.
     *
     * @throws KindlingException naming the column that is missing or has a type that is not read; a job over the rows
     *     fails with one as its cause if a row is wrong
     */
    static Dataset<Row> of(Dataset<Row> given, String source) {
        boolean hasIds = Stream.of(given.columns()).anyMatch("id"::equalsIgnoreCase);
        Column id = lit(0L);
        if (hasIds) {
            id = named(given, column(given, "id", source, WHOLE_NUMBERS::contains, "TINYINT, SMALLINT, INT or BIGINT"))
                    .cast("bigint");
        }
        StructField label = column(given, "label", source, GivenRows::isLabel, "a type of numbers, or BOOLEAN");
        StructField features = column(
                given, "features", source, GivenRows::isFeatures, "ARRAY with a type of numbers for its elements");
        boolean truth = label.dataType().equals(DataTypes.BooleanType);
        Dataset<Row> converted = given.select(
                id.as("id"),
                // As text, which has every digit of every type: 0.999999999999999999 is no double, and no whole number.
                (truth ? named(given, label).cast("int") : named(given, label))
                        .cast("string")
                        .as("label"),
                named(given, features).cast("array<float>").as("features"));
        return RowRelation.of(
                given.sparkSession(),
                () -> hasIds
                        ? internal(converted).mapPartitions(rows -> new GivenRows(rows, source, true))
                        : numbered(
                                internal(ordered(converted)).mapPartitions(rows -> new GivenRows(rows, source, false))),
                source);
    }

    private static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
        return rows.queryExecution().toRdd().toJavaRDD();
    }

    /** In the order of what is in them. The hash comes first, as it spreads rows evenly and is compared fast. */
    private static Dataset<Row> ordered(Dataset<Row> rows) {
        Column label = col("label");
        Column features = col("features");
        return rows.orderBy(xxhash64(label, features), label, features);
    }

    /** With their places for ids. */
    private static JavaRDD<InternalRow> numbered(JavaRDD<InternalRow> rows) {
        return rows.zipWithIndex().map(numbered -> {
            numbered._1.setLong(0, numbered._2);
            return numbered._1;
        });
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
        String where = hasIds ? source + " row " + row.getLong(0) : source;
        String which = hasIds ? "" : ", in the row " + text(row);
        return new KindlingException(where + ": found " + found + ", expected " + expected + which, cause);
    }

    /** What is in a row, by which it can be found where it has no id. */
    private static String text(InternalRow row) {
        String features = "null";
        if (!row.isNullAt(2)) {
            ArrayData all = row.getArray(2);
            features = IntStream.range(0, Math.min(SHOWN, all.numElements()))
                    .mapToObj(k -> all.isNullAt(k) ? "null" : String.valueOf(all.getFloat(k)))
                    .collect(Collectors.joining(", ", "[", all.numElements() > SHOWN ? ", ...]" : "]"));
        }
        return "label " + row.getUTF8String(1) + ", features " + features;
    }
}
