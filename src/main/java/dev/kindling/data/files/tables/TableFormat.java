package dev.kindling.data.files.tables;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kinds of tables, and what they are known by. */
enum TableFormat {
    CSV("CSV", "csv|tsv|tab"),
    JSON("JSON", "json|jsonl|ndjson"),
    PARQUET("Parquet", "parquet"),
    LIBSVM("libsvm", "libsvm|svm");

    private static final String COMPRESSED = "(\\.(gz|bz2|zst|deflate|lz4|snappy))?";

    /** Names that say nothing of a format, and are no documents or programs either. */
    private static final Pattern ANY = Pattern.compile("part-.*|[^.]*|.*\\.(txt|data|test|train)" + COMPRESSED);

    /** How messages call it. */
    final String shown;

    private final Pattern names;

    TableFormat(String shown, String endings) {
        this.shown = shown;
        this.names = Pattern.compile(".*\\.(" + endings + ")" + COMPRESSED);
    }

    /** The format that a file's name tells. */
    static Optional<TableFormat> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (TableFormat format : values()) {
            if (format.names.matcher(lower).matches()) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Whether a file of this name in a folder may be a table of any format. */
    static boolean mayBeAny(String name) {
        return ANY.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** The format that the first bytes tell. */
    static TableFormat ofContent(FileHead head) {
        if (head.isParquet()) {
            return PARQUET;
        }
        String text = head.text().stripLeading();
        if (text.startsWith("{") || text.startsWith("[")) {
            return JSON;
        }
        return text.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .findFirst()
                        .filter(LibsvmLine::looksLikeOne)
                        .isPresent()
                ? LIBSVM
                : CSV;
    }
}
