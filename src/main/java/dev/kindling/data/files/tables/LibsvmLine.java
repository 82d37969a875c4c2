package dev.kindling.data.files.tables;

import java.util.regex.Pattern;

/**
 * A line of libsvm: a label, and pairs of a feature's number, from 1 and ascending, and its value. What follows a # is a comment.
 *
 * @param numbers of the features that are not zero
 * @param values as many
 */
record LibsvmLine(double label, int[] numbers, double[] values) {
    static final int MAX_FEATURES = 65_536;

    private static final Pattern LINE =
            Pattern.compile("\\s*+[-+.\\deE]++(?:\\s++\\d++:[-+.\\deE]++)++\\s*+(?:#.*+)?+");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Whether a line that may be anything is one, of at least one feature. */
    static boolean looksLikeOne(String line) {
        return LINE.matcher(line).matches();
    }

    /** Whether there is nothing on a line. */
    static boolean isEmpty(String line) {
        return withoutComment(line).isEmpty();
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    /**
     * Reads a line that is not empty.
     *
     * @throws IllegalArgumentException if it is damaged; the message says what was found and what was expected
     */
    static LibsvmLine of(String line) {
        String[] fields = SPACES.split(withoutComment(line), -1);
        int[] numbers = new int[fields.length - 1];
        double[] values = new double[fields.length - 1];
        double label = number(fields[0], "a label that is a number");
        for (int k = 0; k < numbers.length; k++) {
            String field = fields[k + 1];
            int colon = field.indexOf(':');
            int before = k == 0 ? 0 : numbers[k - 1];
            numbers[k] = colon < 0 ? 0 : featureNumber(field.substring(0, colon));
            if (numbers[k] <= before || numbers[k] > MAX_FEATURES) {
                throw new IllegalArgumentException("found '" + field + "', expected number:value, with a number from "
                        + (before + 1) + " to " + MAX_FEATURES);
            }
            values[k] = number(field.substring(colon + 1), "number:value, with numbers for both");
        }
        return new LibsvmLine(label, numbers, values);
    }

    private static int featureNumber(String digits) {
        boolean small = digits.length() < 9 && digits.matches("\\d+");
        return small ? Integer.parseInt(digits) : 0;
    }

    private static double number(String text, String expected) {
        if (!Cell.of(text, false).isNumber()) {
            throw new IllegalArgumentException("found '" + text + "', expected " + expected);
        }
        return Cell.number(text);
    }

    /** The number of its last feature. */
    int last() {
        return numbers.length == 0 ? 0 : numbers[numbers.length - 1];
    }

    /** All features, with zeros. */
    double[] dense(int features) {
        double[] dense = new double[features];
        for (int k = 0; k < numbers.length; k++) {
            dense[numbers[k] - 1] = values[k];
        }
        return dense;
    }
}
