package dev.kindling.data.files;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.apache.hadoop.conf.Configuration;

/**
 * Neighbouring lines of a CSV file.
 *
 * @param offset where the first line starts, in decompressed bytes
 * @param line the first line's number in the file, from 1
 * @param labelColumn where the label is, from 0
 */
@DefaultSerializer(JavaSerializer.class)
record CsvRange(
        DataFile file, long offset, long line, long first, long rows, int features, int labelColumn, int classes)
        implements RowRange {
    @Override
    public RowReader open(Configuration conf) {
        CsvLines lines = new CsvLines(file, conf, offset);
        CsvRow row = new CsvRow(file, labelColumn, classes);
        return new RowReader() {
            private long number = line;

            @Override
            public int next(float[] features) {
                if (!lines.next()) {
                    throw file.truncated("line " + number);
                }
                return row.parse(lines, number++, features);
            }

            @Override
            public void close() {
                lines.close();
            }
        };
    }
}
