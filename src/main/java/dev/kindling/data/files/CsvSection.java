package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * The lines that start in a section of a CSV file.
 *
 * @param offset where the first of them starts, in decompressed bytes
 * @param lines how many they are
 * @param filled the number of lines up to the last one that is not blank; 0 if all are blank
 */
@DefaultSerializer(JavaSerializer.class)
record CsvSection(long offset, long lines, long filled) implements Serializable {
    /** A section whose first byte starts a line. */
    static CsvSection first(DataFile file, Configuration conf, long from, long to) {
        try (CsvLines lines = new CsvLines(file, conf, from)) {
            return count(lines, to);
        }
    }

    /** Any other section. */
    static CsvSection later(DataFile file, Configuration conf, long from, long to) {
        // If the byte before ends a line, a line starts here; if not, the rest of its line belongs to another section.
        try (CsvLines lines = new CsvLines(file, conf, from - 1)) {
            lines.next();
            return count(lines, to);
        }
    }

    private static CsvSection count(CsvLines lines, long to) {
        long offset = lines.nextOffset();
        long count = 0;
        long filled = 0;
        while (lines.nextOffset() < to && lines.next()) {
            count++;
            if (!lines.isBlank()) {
                filled = count;
            }
        }
        return new CsvSection(offset, count, filled);
    }
}
