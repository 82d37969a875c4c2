package dev.kindling.data.files;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The first line of a CSV file, where it names the columns.
 *
 * @param where the file and the line, for messages
 * @param names of the columns, without the quotes and spaces around them
 */
record CsvHeader(String where, List<String> names) {
    /** What a column of labels is usually called. The first of these that is there is taken. */
    private static final List<String> LABELS = List.of("label", "class", "target", "species", "y");

    private static final int SHOWN_NAMES = 5;
    private static final int SHOWN_CHARACTERS = 20;

    /** Whether a first line is no row of numbers. Damaged numbers make a header too, but none that names a label. */
    static boolean isHeader(CsvLines lines) {
        int from = lines.start();
        while (from <= lines.end()) {
            int to = endOfField(lines, from);
            if (!isNumberOrNothing(lines, from, to)) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    /** @throws KindlingException if there are too few or too many columns */
    static CsvHeader read(CsvLines lines, String where) {
        List<String> names = new ArrayList<>();
        int from = lines.start();
        while (from <= lines.end() && names.size() <= CsvStart.MAX_FEATURES + 1) {
            int to = endOfField(lines, from);
            String field = new String(lines.buffer(), from, to - from, StandardCharsets.UTF_8).strip();
            boolean quoted = field.length() > 1 && field.startsWith("\"") && field.endsWith("\"");
            names.add(quoted ? field.substring(1, field.length() - 1).strip() : field);
            from = to + 1;
        }
        CsvStart.checkColumns(names.size(), lines, where);
        return new CsvHeader(where, names);
    }

    /** The comma after the field that starts there, or the end of the line. A comma between quotes ends no field. */
    private static int endOfField(CsvLines lines, int from) {
        boolean quoted = false;
        int at = from;
        while (at < lines.end() && (quoted || lines.buffer()[at] != ',')) {
            quoted ^= lines.buffer()[at] == '"';
            at++;
        }
        return at;
    }

    /** Whether a field may be meant as a number: it begins like one, and has nothing but what numbers are written with. */
    private static boolean isNumberOrNothing(CsvLines lines, int from, int to) {
        boolean begun = false;
        for (int at = from; at < to; at++) {
            char c = (char) (lines.buffer()[at] & 0xff);
            boolean around = c == ' ' || c == '\t' || c == '"';
            boolean first = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
            if (!around && !first && !(begun && (c == 'e' || c == 'E'))) {
                return false;
            }
            begun |= first;
        }
        return true;
    }

    /**
     * The column of the label, from 0.
     *
     * @param label its name, if it is known
     * @throws KindlingException if no column has it, or several have
     */
    int labelColumn(Optional<String> label) {
        for (String name : label.map(List::of).orElse(LABELS)) {
            List<Integer> found = IntStream.range(0, names.size())
                    .filter(column -> names.get(column).equalsIgnoreCase(name))
                    .boxed()
                    .toList();
            if (found.size() > 1) {
                throw new KindlingException(
                        where + ": found " + found.size() + " columns called " + name + ", expected one");
            }
            if (found.size() == 1) {
                return found.get(0);
            }
        }
        if (label.isPresent()) {
            throw new KindlingException(setting("label") + ": found " + label.get()
                    + ", expected one of the columns of " + where + ": " + shown());
        }
        throw new KindlingException(where + ": found no label column among " + shown() + ", expected one called "
                + String.join(", ", LABELS) + " or as " + setting("label")
                + " says, or a row of numbers with the label first");
    }

    private String shown() {
        return names.stream()
                        .limit(SHOWN_NAMES)
                        .map(name -> "'"
                                + (name.length() > SHOWN_CHARACTERS
                                        ? name.substring(0, SHOWN_CHARACTERS) + "..."
                                        : name)
                                + "'")
                        .collect(Collectors.joining(", "))
                + (names.size() > SHOWN_NAMES ? " and " + (names.size() - SHOWN_NAMES) + " more" : "");
    }
}
