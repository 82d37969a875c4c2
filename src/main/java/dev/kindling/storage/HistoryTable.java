package dev.kindling.storage;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@link HistoryRow}s as a table: a column for each component; null where the validation rows were not evaluated. */
final class HistoryTable {
    static final StructType SCHEMA = new StructType()
            .add("step", DataTypes.IntegerType, false)
            .add("loss", DataTypes.DoubleType, false)
            .add("accuracy", DataTypes.DoubleType, false)
            .add("validationLoss", DataTypes.DoubleType, true)
            .add("validationAccuracy", DataTypes.DoubleType, true)
            .add("learningRate", DataTypes.DoubleType, false)
            .add("rows", DataTypes.LongType, false)
            .add("seconds", DataTypes.DoubleType, false)
            .add("gradientNorms", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
            .add("deadUnits", DataTypes.createArrayType(DataTypes.IntegerType, false), false);

    private HistoryTable() {}

    static List<Row> rows(List<HistoryRow> history) {
        return history.stream()
                .map(h -> RowFactory.create(
                        h.step(),
                        h.loss(),
                        h.accuracy(),
                        h.isValidated() ? h.validationLoss() : null,
                        h.isValidated() ? h.validationAccuracy() : null,
                        h.learningRate(),
                        h.rows(),
                        h.seconds(),
                        h.gradientNorms().stream().mapToDouble(norm -> norm).toArray(),
                        h.deadUnits().stream().mapToInt(units -> units).toArray()))
                .toList();
    }

    static List<HistoryRow> history(List<Row> rows) {
        return rows.stream()
                .map(row -> new HistoryRow(
                        row.getInt(0),
                        row.getDouble(1),
                        row.getDouble(2),
                        row.isNullAt(3) ? Double.NaN : row.getDouble(3),
                        row.isNullAt(4) ? Double.NaN : row.getDouble(4),
                        row.getDouble(5),
                        row.getLong(6),
                        row.getDouble(7),
                        Arrays.stream((double[]) row.get(8)).boxed().toList(),
                        Arrays.stream((int[]) row.get(9)).boxed().toList()))
                .toList();
    }
}
