package dev.kindling.data.files.tables;

import dev.kindling.error.KindlingException;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes values of the fields of a row of text, which has been surveyed before. */
final class CsvValues implements MapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final CsvTable.Layout layout;
    private final Cell[] columns;

    /** @param columns kept, not copied */
    CsvValues(CsvTable.Layout layout, Cell[] columns) {
        this.layout = layout;
        this.columns = columns;
    }

    @Override
    public Row call(Row row) {
        String file = row.getString(layout.file());
        if (!row.isNullAt(layout.corrupt())) {
            throw new KindlingException(layout.damaged(file, row.getString(layout.corrupt())));
        }
        Object[] values = new Object[layout.width()];
        for (int k = 0; k < values.length; k++) {
            values[k] = k < columns.length ? value(row, k, file) : row.get(k);
        }
        return RowFactory.create(values);
    }

    private Object value(Row row, int k, String file) {
        String text = row.getString(k);
        Cell found = Cell.of(text, layout.decimalComma());
        if (columns[k].and(found) != columns[k]) {
            throw new KindlingException(FoundFiles.nameOf(layout.name(), layout.root(), file) + ": found '" + text
                    + "' in column " + (k + 1) + ", expected " + columns[k].type
                    + ", as when it was opened first: did it change while it was read?");
        }
        return columns[k].value(text, layout.decimalComma());
    }
}
