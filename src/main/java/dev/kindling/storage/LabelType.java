package dev.kindling.storage;

import dev.kindling.error.KindlingException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What labels can be, by the names that Spark's SQL has for types. Without a class of Spark, so that a model is read without it. */
enum LabelType {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING;

    /** A decimal says how many digits it has, and how many of them after the point; a string may say how it is sorted. */
    private static final Pattern SQL =
            Pattern.compile("DECIMAL\\(\\d{1,2},(\\d{1,2})\\)|(STRING) COLLATE [A-Za-z0-9_]{1,60}");

    /**
     * Finds one.
     *
     * @param sql such as {@code INT} or {@code DECIMAL(5,2)}
     * @throws KindlingException if there is none
     */
    static LabelType of(String sql) {
        Matcher more = SQL.matcher(sql);
        String name = !more.matches() ? sql : more.group(1) == null ? "STRING" : "DECIMAL";
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name) && (type != DECIMAL || more.matches()))
                .findFirst()
                .orElseThrow(() -> new KindlingException(
                        "found labels of type '" + sql + "', expected numbers, strings or booleans"));
    }

    /** The digits after the point of a decimal's type. */
    static int scale(String sql) {
        return Integer.parseInt(sql.substring(sql.indexOf(',') + 1, sql.length() - 1));
    }

    boolean isNumber() {
        return this != BOOLEAN && this != STRING;
    }

    /** @throws KindlingException if the text is no value of this type */
    Object parse(String text) {
        try {
            return switch (this) {
                case BOOLEAN -> Boolean.valueOf(text);
                case TINYINT -> Byte.valueOf(text);
                case SMALLINT -> Short.valueOf(text);
                case INT -> Integer.valueOf(text);
                case BIGINT -> Long.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case DECIMAL -> new BigDecimal(text);
                case STRING -> text;
            };
        } catch (NumberFormatException e) {
            throw new KindlingException("found label '" + text + "', expected a value of type " + this, e);
        }
    }
}
