package dev.kindling.evaluation;

import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.network.RowPredictor;
import dev.kindling.storage.Inputs;
import java.io.Serializable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;

/**
 * Predicts rows on an executor, from features as Spark holds them: a user-defined function would get a copy of them first, with an
 * object for each number. Public because code that Spark generates calls it.
 *
 * @param type of the features: an array of numbers, the struct of a vector of Spark ML, or bytes
 */
public record RowScorer(
        Broadcast<RowPredictor> predictor, Inputs inputs, Missing missing, Scoring.Reading reading, DataType type)
        implements Serializable {
    /** How many features a message shows. */
    private static final int SHOWN = 10;

    /** The places of the fields of a vector of Spark ML. */
    private static final int SIZE = 1;

    private static final int INDICES = 2;
    private static final int VALUES = 3;

    /**
     * What the network says of a row; null where something is missing, if that is no error.
     *
     * @param features of the type, or null
     */
    public Object score(Object features) {
        RowPredictor network = predictor.value();
        if (features == null) {
            return missing("found null in column " + inputs.columns().get(0) + ", expected features");
        }
        double[] row = row(features);
        if (row.length != network.inputs()) {
            throw new KindlingException("the rows: found " + row.length + " features in "
                    + String.join(", ", inputs.columns()) + ", expected " + network.inputs());
        }
        for (int k = 0; k < row.length; k++) {
            if (!Double.isFinite(row[k])) {
                return missing("found " + (Double.isNaN(row[k]) ? "null or NaN" : row[k]) + " in column "
                        + inputs.name(k) + ", expected a finite number, in the row " + text(row));
            }
        }
        return reading.of(network, row);
    }

    private double[] row(Object features) {
        if (features instanceof ArrayData array) {
            return ofArray(array);
        }
        return features instanceof byte[] pixels ? ofBytes(pixels) : ofVector((InternalRow) features);
    }

    private double[] ofArray(ArrayData array) {
        ArrayType given = (ArrayType) type;
        DataType element = given.elementType();
        double[] row = new double[array.numElements()];
        for (int k = 0; k < row.length; k++) {
            row[k] = given.containsNull() && array.isNullAt(k) ? Double.NaN : number(array, k, element);
        }
        return row;
    }

    private static double number(ArrayData array, int k, DataType type) {
        if (type.equals(DataTypes.DoubleType)) {
            return array.getDouble(k);
        }
        if (type.equals(DataTypes.FloatType)) {
            return array.getFloat(k);
        }
        Object value = array.get(k, type);
        if (value instanceof Boolean isOne) {
            return isOne ? 1 : 0;
        }
        return value instanceof Decimal decimal ? decimal.toDouble() : ((Number) value).doubleValue();
    }

    /** A dense vector has neither size nor indices. */
    private static double[] ofVector(InternalRow vector) {
        ArrayData values = vector.getArray(VALUES);
        if (vector.isNullAt(SIZE)) {
            return values.toDoubleArray();
        }
        ArrayData indices = vector.getArray(INDICES);
        double[] row = new double[vector.getInt(SIZE)];
        for (int k = 0; k < values.numElements(); k++) {
            row[indices.getInt(k)] = values.getDouble(k);
        }
        return row;
    }

    private static double[] ofBytes(byte[] pixels) {
        double[] row = new double[pixels.length];
        for (int k = 0; k < row.length; k++) {
            row[k] = pixels[k] & 0xff;
        }
        return row;
    }

    private Object missing(String what) {
        if (missing == Missing.ERROR) {
            throw new KindlingException("the rows: " + what);
        }
        return null;
    }

    private String text(double[] row) {
        return IntStream.range(0, Math.min(SHOWN, row.length))
                        .mapToObj(k -> inputs.name(k) + " " + row[k])
                        .collect(Collectors.joining(", "))
                + (row.length > SHOWN ? ", ..." : "");
    }
}
