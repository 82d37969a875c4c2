package dev.kindling.network;

import java.io.Serializable;

/**
 * Makes floats of about the size 1 from inputs as people have them: x becomes (x - shift) / deviation. The difference is taken in
 * double precision: of a time of 1.7e9 seconds a float keeps no minutes.
 *
 * @param shift shape (inputs): the mean, or 0 for an input that is mostly 0, whose zeros then stay zeros
 * @param deviation shape (inputs): the standard deviation, 0 or more; with 0 the result is 0, whatever the input
 */
public record Standardisation(double[] shift, double[] deviation) implements Serializable {
    /** The number of inputs. */
    public int inputs() {
        return shift.length;
    }

    /** The standardised value of an input. */
    public float of(int input, double value) {
        return deviation[input] == 0 ? 0f : (float) ((value - shift[input]) / deviation[input]);
    }

    /**
     * Standardises a whole row.
     *
     * @param values shape (inputs)
     * @param to receives shape (inputs)
     */
    public void apply(double[] values, float[] to) {
        for (int k = 0; k < to.length; k++) {
            to[k] = of(k, values[k]);
        }
    }
}
