package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The values that the classes of a model stand for, as the caller has them.
 *
 * @param column they were read from
 * @param type of that column, as Spark's SQL writes it: numbers, strings or booleans
 * @param values shape (classes): of each class the value as text
 */
public record Labels(String column, String type, List<String> values) {
    /** A longer one is a text, and not the name of a class. */
    private static final int LONGEST = 1_000;

    /** How much of one a message shows. */
    private static final int SHOWN = 30;

    /** @throws KindlingException if the type is another one, if a value is not of it or too long, or if one is there twice */
    public Labels {
        values = List.copyOf(values);
        values.forEach(value -> checkLength(column, value));
        LabelType parsed = LabelType.of(type);
        values.forEach(parsed::parse);
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
    public static Labels sorted(String column, String type, Collection<String> values) {
        Comparator<String> order =
                LabelType.of(type).isNumber() ? Comparator.comparing(Labels::number) : Comparator.naturalOrder();
        return new Labels(column, type, values.stream().sorted(order).toList());
    }

    /**
     * Labels in the order in which they are given.
     *
     * @param values of the type, or their text
     */
    public static Labels named(String column, String type, List<?> values) {
        return new Labels(
                column, type, values.stream().map(value -> text(value, type)).toList());
    }

    /** As Spark writes a value of the type. */
    private static String text(Object value, String type) {
        Object parsed = LabelType.of(type).parse(value.toString());
        return parsed instanceof BigDecimal decimal
                ? decimal.setScale(LabelType.scale(type), RoundingMode.HALF_UP).toPlainString()
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

    /** The value of a class, as Spark gives it to Java: a String, Boolean, Integer, Double and so on. */
    public Object value(int label) {
        return LabelType.of(type).parse(values.get(label));
    }
}
