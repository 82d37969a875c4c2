package dev.kindling.data.files.tables;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Splits lines by runs of spaces. A line that is the header is left out.
 *
 * @see CsvTable.Layout
 */
final class SpacedFields implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final int columns;
    private final List<String> header;

    SpacedFields(int columns, List<String> header) {
        this.columns = columns;
        this.header = header;
    }

    /** @param row the line, what folders' names say, and the file */
    @Override
    public Iterator<Row> call(Row row) {
        String line = row.getString(0);
        List<String> fields =
                CsvRecords.split(line, ' ').stream().map(CsvRecords.Field::text).toList();
        if (line.isBlank() || fields.equals(header)) {
            return Collections.emptyIterator();
        }
        int keys = row.length() - 2;
        Object[] values = new Object[columns + keys + 2];
        if (fields.size() == columns) {
            for (int k = 0; k < columns; k++) {
                values[k] = fields.get(k);
            }
        } else {
            values[values.length - 1] = line;
        }
        for (int k = 0; k <= keys; k++) {
            values[columns + k] = row.get(1 + k);
        }
        return List.of(RowFactory.create(values)).iterator();
    }
}
