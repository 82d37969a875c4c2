package dev.kindling.scoring;

import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.StoredFeatures;
import dev.kindling.storage.Inputs;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
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
        StoredFeatures row = checked(network, features);
        return row == null ? null : reading.of(network, network.logits(row));
    }

    /**
     * What the network says of rows, as {@link #score(Object)} does of each.
     *
     * @param features gives those of a row by its number; asked for them once, in order, and they may change with the next row
     * @param scores receives it, from {@code from} on and before {@code to}
     */
    void score(int from, int to, IntFunction<Object> features, Object[] scores) {
        RowPredictor network = predictor.value();
        List<StoredFeatures> present = new ArrayList<>();
        int[] places = new int[to - from];
        for (int r = from; r < to; r++) {
            StoredFeatures row = checked(network, features.apply(r));
            scores[r] = null;
            if (row != null) {
                places[present.size()] = r;
                present.add(row);
            }
        }
        float[][] logits = network.logits(present);
        for (int k = 0; k < logits.length; k++) {
            scores[places[k]] = reading.of(network, logits[k]);
        }
    }

    /** The features of a row, copied; null if something is missing, and that is no error. */
    private StoredFeatures checked(RowPredictor network, Object features) {
        if (features == null) {
            return missing("found null in column " + inputs.columns().get(0) + ", expected features");
        }
        StoredFeatures row = row(features);
        if (row.size() != network.inputs()) {
            throw new KindlingException("the rows: found " + row.size() + " features in "
                    + String.join(", ", inputs.columns()) + ", expected " + network.inputs());
        }
        OptionalInt wrong = row.notFinite();
        if (wrong.isPresent()) {
            double[] all = row.dense();
            double found = all[wrong.getAsInt()];
            return missing("found " + (Double.isNaN(found) ? "null or NaN" : found) + " in column "
                    + inputs.name(wrong.getAsInt()) + ", expected a finite number, in the row " + text(all));
        }
        return row;
    }

    private StoredFeatures row(Object features) {
        if (features instanceof InternalRow vector) {
            return ofVector(vector);
        }
        return StoredFeatures.all(features instanceof byte[] pixels ? ofBytes(pixels) : ofArray((ArrayData) features));
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
    private static StoredFeatures ofVector(InternalRow vector) {
        double[] values = vector.getArray(VALUES).toDoubleArray();
        if (vector.isNullAt(SIZE)) {
            return StoredFeatures.all(values);
        }
        return new StoredFeatures(vector.getInt(SIZE), vector.getArray(INDICES).toIntArray(), values);
    }

    private static double[] ofBytes(byte[] pixels) {
        double[] row = new double[pixels.length];
        for (int k = 0; k < row.length; k++) {
            row[k] = pixels[k] & 0xff;
        }
        return row;
    }

    private StoredFeatures missing(String what) {
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
