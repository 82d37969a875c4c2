package dev.kindling.network;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The features of a row as people have them: all of them, or of a sparse row those that are stored, where all others are 0.
 *
 * @param size how many the row has
 * @param places shape (stored): which features the values are; null if all are there
 * @param values shape (stored)
 */
public record StoredFeatures(int size, int[] places, double[] values) {
    /** Those of a row that has all. */
    public static StoredFeatures all(double... values) {
        return new StoredFeatures(values.length, null, values);
    }

    /** The feature of the first value that is NaN or infinite; empty if there is none. */
    public OptionalInt notFinite() {
        for (int k = 0; k < values.length; k++) {
            if (!Double.isFinite(values[k])) {
                return OptionalInt.of(place(k));
            }
        }
        return OptionalInt.empty();
    }

    /** All of them, shape (size). */
    public double[] dense() {
        if (places == null) {
            return values;
        }
        double[] row = new double[size];
        IntStream.range(0, values.length).forEach(k -> row[places[k]] = values[k]);
        return row;
    }

    private int place(int k) {
        return places == null ? k : places[k];
    }
}
