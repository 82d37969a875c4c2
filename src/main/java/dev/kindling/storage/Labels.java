package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/**
 * The values that the classes of a model stand for, as the caller has them.
 *
 * @param column they were read from
 * @param type of that column, as Spark's SQL writes it: numbers, strings or booleans
 * @param values shape (classes): of each class the value as text
 */
public record Labels(String column, String type, List<String> values) {
    /** The longest type has some 15 characters; Spark's parser goes as deep as brackets do. */
    private static final int MOST_CHARACTERS = 100;

    /** A longer one is a text, and not the name of a class. */
    private static final int LONGEST = 1_000;

    /** How much of one a message shows. */
    private static final int SHOWN = 30;

    /** @throws KindlingException if the type is another one, if a value is not of it or too long, or if one is there twice */
    public Labels {
        values = List.copyOf(values);
        values.forEach(value -> checkLength(column, value));
        DataType parsed = parseType(type);
        values.forEach(value -> parse(value, parsed));
        if (Set.copyOf(values).size() < values.size()) {
            throw new KindlingException("found the same label twice, expected a different one for each class");
        }
    }

    private static void checkLength(String column, String value) {
        if (value.length() > LONGEST) {
            throw new KindlingException("found a label of " + value.length() + " characters in column " + column + ", '"
                    + value.substring(0, SHOWN) + "...', expected at most " + LONGEST);
        }
    }

    /** Labels in order: numbers by their size, strings by their characters, false before true. */
    public static Labels sorted(String column, DataType type, Collection<String> values) {
        Comparator<String> order =
                type instanceof NumericType ? Comparator.comparing(Labels::number) : Comparator.naturalOrder();
        return new Labels(column, type.sql(), values.stream().sorted(order).toList());
    }

    /**
     * Labels in the order in which they are given.
     *
     * @param values of the type, or their text
     */
    public static Labels named(String column, DataType type, List<?> values) {
        return new Labels(
                column,
                type.sql(),
                values.stream().map(value -> text(value, type)).toList());
    }

    /** As Spark writes a value of the type. */
    private static String text(Object value, DataType type) {
        Object parsed = parse(value.toString(), parseType(type.sql()));
        return parsed instanceof BigDecimal decimal && type instanceof DecimalType numbers
                ? decimal.setScale(numbers.scale(), RoundingMode.HALF_UP).toPlainString()
                : parsed.toString();
    }

    /** Infinities come first and last. */
    private static BigDecimal number(String text) {
        return switch (text) {
            case "Infinity" -> new BigDecimal("1e400");
            case "-Infinity" -> new BigDecimal("-1e400");
            default -> new BigDecimal(text);
        };
    }

    /** The type of the values. */
    public DataType dataType() {
        return parseType(type);
    }

    /** The value of a class, as Spark gives it to Java: a String, Boolean, Integer, Double and so on. */
    public Object value(int label) {
        return parse(values.get(label), dataType());
    }

    private static DataType parseType(String text) {
        try {
            DataType type = text.length() <= MOST_CHARACTERS ? DataType.fromDDL(text) : DataTypes.NullType;
            if (type instanceof NumericType || type instanceof BooleanType || type instanceof StringType) {
                return type;
            }
        } catch (Exception e) { // Spark's ParseException, which Scala does not declare
            throw new KindlingException(wrongType(text), e);
        }
        throw new KindlingException(wrongType(text));
    }

    private static String wrongType(String text) {
        return "found labels of type '" + text + "', expected numbers, strings or booleans";
    }

    private static Object parse(String text, DataType type) {
        try {
            if (type instanceof BooleanType) {
                return Boolean.valueOf(text);
            } else if (type instanceof ByteType) {
                return Byte.valueOf(text);
            } else if (type instanceof ShortType) {
                return Short.valueOf(text);
            } else if (type instanceof IntegerType) {
                return Integer.valueOf(text);
            } else if (type instanceof LongType) {
                return Long.valueOf(text);
            } else if (type instanceof FloatType) {
                return Float.valueOf(text);
            } else if (type instanceof DoubleType) {
                return Double.valueOf(text);
            } else if (type instanceof DecimalType) {
                return new BigDecimal(text);
            }
            return text;
        } catch (NumberFormatException e) {
            throw new KindlingException("found label '" + text + "', expected a value of type " + type.sql(), e);
        }
    }
}
