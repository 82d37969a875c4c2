package dev.kindling.data.files.tables;

import dev.kindling.data.files.tables.CsvRecords.Field;
import dev.kindling.error.KindlingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a CSV file is written: as it is said, or else as its first records look.
 *
 * <p>The separator is the one by which most records have the same number of fields, more than one, and most fields are numbers.
 * The first record is a header in any of these cases:
 *
 * <ul>
 *   <li>a column begins with a word and goes on with numbers;
 *   <li>all of its fields are in quotes, and a column goes on with numbers that are in none;
 *   <li>its numbers count up from 0 or 1, four of them or more, as pandas names columns that have no names;
 *   <li>none of its fields is a number or missing, and no two are the same.
 * </ul>
 *
 * @param separator a space stands for any run of spaces and tabs
 * @param header the fields of the header, as they are; empty if there is none
 * @param names of the columns: those of the header, but c1, c2 and so on where it has none
 * @param hint what else there is to say
 */
record CsvDialect(char separator, List<String> header, List<String> names, String hint) {
    static final int MAX_COLUMNS = 65_537;

    private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|', ' ');
    private static final int RECORDS = 21;
    /** Fewer numbers may count up by chance. */
    private static final int COUNTED = 4;

    /**
     * Looks at the beginning of a file.
     *
     * @return nothing if there are only blank lines
     */
    static Optional<CsvDialect> of(FileHead head, TableFiles.Options options) {
        String text = head.text();
        char separator = options.separator().orElseGet(() -> separator(text, head.whole(), options.decimalComma()));
        List<List<Field>> records = CsvRecords.first(RECORDS, text, separator, head.whole());
        if (records.isEmpty()) {
            return Optional.empty();
        }
        List<Field> first = records.get(0);
        if (first.size() > MAX_COLUMNS) {
            throw new KindlingException(head.name() + ": found " + first.size() + " columns, expected at most "
                    + MAX_COLUMNS + " of them, separated by " + shown(separator));
        }
        List<List<Field>> rest = records.subList(1, records.size());
        boolean isHeader = options.header().orElseGet(() -> isHeader(first, rest, options.decimalComma()));
        List<String> header = isHeader ? first.stream().map(Field::text).toList() : List.of();
        List<String> names = IntStream.range(0, first.size())
                .mapToObj(k ->
                        isHeader && !header.get(k).isBlank() ? header.get(k).strip() : "c" + (k + 1))
                .toList();
        checkNames(names, head.name());
        return Optional.of(new CsvDialect(
                separator,
                header,
                names,
                options.decimalComma() ? "" : decimalCommas(isHeader ? rest : records, names)));
    }

    private static char separator(String text, boolean whole, boolean decimalComma) {
        char best = ',';
        double most = -1;
        for (char separator : SEPARATORS) {
            double score = separator == ',' && decimalComma
                    ? -1
                    : score(CsvRecords.first(RECORDS, text, separator, whole), separator != ',');
            if (score > most) {
                best = separator;
                most = score;
            }
        }
        return best;
    }

    /** The share of records with the usual number of fields, and the share of numbers; less than 0 if that is one field. */
    private static double score(List<List<Field>> records, boolean mayHaveDecimalCommas) {
        Map<Integer, Long> sizes = records.stream().collect(Collectors.groupingBy(List::size, Collectors.counting()));
        Optional<Map.Entry<Integer, Long>> usual = sizes.entrySet().stream().max(Map.Entry.comparingByValue());
        if (usual.isEmpty() || usual.get().getKey() == 1) {
            return -2;
        }
        long fields = records.stream().mapToLong(List::size).sum();
        long numbers = records.stream()
                .flatMap(List::stream)
                .filter(field -> kind(field, false).isNumber()
                        || (mayHaveDecimalCommas && kind(field, true).isNumber()))
                .count();
        return (double) usual.get().getValue() / records.size() + (double) numbers / fields;
    }

    private static Cell kind(Field field, boolean decimalComma) {
        return Cell.of(field.text(), decimalComma);
    }

    private static boolean isHeader(List<Field> first, List<List<Field>> rest, boolean decimalComma) {
        List<Cell> kinds = first.stream()
                .map(field ->
                        kind(field, true).isNumber() ? Cell.NUMBER : kind(field, decimalComma)) // no name is like 1,5
                .toList();
        boolean quoted = first.stream().allMatch(Field::quoted);
        for (int k = 0; k < first.size(); k++) {
            int column = k;
            Set<Cell> below = below(rest, column, field -> kind(field, decimalComma));
            boolean word = kinds.get(k) == Cell.TEXT || kinds.get(k) == Cell.BOOLEAN;
            if (word && areNumbers(below)) {
                return true;
            }
            Set<Cell> bare = below(rest, column, field -> field.quoted() ? Cell.TEXT : kind(field, decimalComma));
            if (quoted && areNumbers(bare)) {
                return true;
            }
        }
        if (countsUp(first) && (rest.isEmpty() || !goesOn(first, rest.get(0)))) {
            return true;
        }
        Set<String> names = first.stream().map(Field::text).collect(Collectors.toSet());
        return names.size() == first.size()
                && kinds.stream().noneMatch(kind -> kind.isNumber() || kind == Cell.MISSING);
    }

    private static Set<Cell> below(List<List<Field>> rest, int column, Function<Field, Cell> kind) {
        return rest.stream()
                .filter(record -> record.size() > column)
                .map(record -> kind.apply(record.get(column)))
                .filter(cell -> cell != Cell.MISSING)
                .collect(Collectors.toSet());
    }

    private static boolean areNumbers(Set<Cell> cells) {
        return !cells.isEmpty() && cells.stream().allMatch(Cell::isNumber);
    }

    private static boolean countsUp(List<Field> first) {
        List<String> numbers = numbers(first);
        if (numbers.size() < COUNTED) {
            return false;
        }
        int from = numbers.get(0).equals("0") ? 0 : 1;
        return IntStream.range(0, numbers.size()).allMatch(k -> numbers.get(k).equals(Integer.toString(from + k)));
    }

    /** Whether the second record counts on: then these are rows that somebody has numbered. */
    private static boolean goesOn(List<Field> first, List<Field> second) {
        List<String> numbers = numbers(first);
        int next = Integer.parseInt(numbers.get(numbers.size() - 1)) + 1;
        List<String> following = numbers(second);
        return !following.isEmpty() && following.get(0).equals(Integer.toString(next));
    }

    private static List<String> numbers(List<Field> record) {
        return record.stream()
                .map(Field::text)
                .filter(text -> Cell.of(text, false).isNumber())
                .toList();
    }

    private static void checkNames(List<String> names, String file) {
        Set<String> lower = new HashSet<>();
        for (String name : names) {
            if (!lower.add(name.toLowerCase(Locale.ROOT))) {
                throw new KindlingException(file + " line 1: found two columns called " + name
                        + ", expected a name of its own for each (upper and lower case are the same)");
            }
        }
    }

    /** The column whose numbers somebody may miss. */
    private static String decimalCommas(List<List<Field>> rows, List<String> names) {
        List<String> found = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
            Set<Cell> cells = below(rows, k, field -> kind(field, true));
            Set<Cell> read = below(rows, k, field -> kind(field, false));
            if (areNumbers(cells) && read.contains(Cell.TEXT)) {
                found.add(names.get(k));
            }
        }
        return found.isEmpty()
                ? ""
                : ", decimal commas taken for text in column " + found.get(0)
                        + (found.size() > 1 ? " and " + (found.size() - 1) + " more" : "");
    }

    /** "CSV with header, separator ';'". */
    String description() {
        return "CSV with" + (header.isEmpty() ? "out" : "") + " header, "
                + (names.size() == 1 ? "one column" : "separator " + shown(separator)) + hint;
    }

    static String shown(char separator) {
        return switch (separator) {
            case ' ' -> "spaces";
            case '\t' -> "tab";
            default -> "'" + separator + "'";
        };
    }
}
