package dev.kindling.data.files.tables;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** What a task finds out about rows of text: how many there are, what the columns hold, and the first thing that is wrong. */
@DefaultSerializer(JavaSerializer.class)
final class CsvSurvey implements Serializable {
    /** What a byte that is no UTF-8 becomes. */
    private static final char NO_CHARACTER = '\ufffd';

    private final Cell[] columns;
    private long rows;
    private String problem = "";

    CsvSurvey(int columns) {
        this.columns = new Cell[columns];
        Arrays.fill(this.columns, Cell.MISSING);
    }

    /**
     * Goes through rows, up to one that is damaged.
     *
     * @param rows the columns as strings, and behind them where {@link CsvTable.Layout} says, the file and the record if it is
     *     damaged
     */
    static CsvSurvey of(Iterator<InternalRow> rows, CsvTable.Layout layout) {
        CsvSurvey survey = new CsvSurvey(layout.columns());
        while (rows.hasNext() && survey.problem.isEmpty()) {
            survey.add(rows.next(), layout);
        }
        return survey;
    }

    private void add(InternalRow row, CsvTable.Layout layout) {
        rows++;
        if (!row.isNullAt(layout.corrupt())) {
            problem = layout.damaged(string(row, layout.file()), string(row, layout.corrupt()));
            return;
        }
        for (int k = 0; k < columns.length; k++) {
            String text = row.isNullAt(k) ? null : string(row, k);
            Cell cell = Cell.of(text, layout.decimalComma());
            if (cell == Cell.TEXT && text.indexOf(NO_CHARACTER) >= 0) {
                problem = layout.noUtf8(string(row, layout.file()), text);
                return;
            }
            columns[k] = columns[k].and(cell);
        }
    }

    private static String string(InternalRow row, int column) {
        UTF8String text = row.getUTF8String(column);
        return text == null ? "" : text.toString();
    }

    /** Adds what another task has found in later rows. */
    CsvSurvey and(CsvSurvey later) {
        rows += later.rows;
        problem = problem.isEmpty() ? later.problem : problem;
        for (int k = 0; k < columns.length; k++) {
            columns[k] = columns[k].and(later.columns[k]);
        }
        return this;
    }

    Cell[] columns() {
        return columns;
    }

    long rows() {
        return rows;
    }

    /** Empty if all is well. */
    String problem() {
        return problem;
    }
}
