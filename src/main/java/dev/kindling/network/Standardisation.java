package dev.kindling.network;

import dev.kindling.error.KindlingException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Makes floats of about the size 1 from inputs as people have them: x becomes (x - shift) / deviation. The difference is taken in
 * double precision: of a time of 1.7e9 seconds a float keeps no minutes.
 *
 * @param shift shape (inputs): the mean, or 0 for an input that is mostly 0, whose zeros then stay zeros
 * @param deviation shape (inputs): the standard deviation, 0 or more; with 0 the result is 0, whatever the input
 */
public record Standardisation(double[] shift, double[] deviation) implements Serializable {
    /** @throws KindlingException if there are not as many of both, if one is not finite, or if a deviation is below 0 */
    public Standardisation {
        if (shift.length != deviation.length) {
            throw new KindlingException("found " + shift.length + " shifts and " + deviation.length
                    + " deviations, expected as many of both");
        }
        if (!DoubleStream.concat(Arrays.stream(shift), Arrays.stream(deviation)).allMatch(Double::isFinite)) {
            throw new KindlingException("found a scale that is not finite, expected finite numbers");
        }
        if (Arrays.stream(deviation).anyMatch(value -> value < 0)) {
            throw new KindlingException("found a deviation below 0, expected 0 or more");
        }
    }

    /** The number of inputs. */
    public int inputs() {
        return shift.length;
    }

    /** Whether it leaves inputs as they are. */
    boolean isIdentity() {
        return Arrays.stream(shift).allMatch(value -> value == 0)
                && Arrays.stream(deviation).allMatch(value -> value == 1);
    }

    /** The standardised value of an input. */
    public float of(int input, double value) {
        return deviation[input] == 0 ? 0f : (float) ((value - shift[input]) / deviation[input]);
    }

    /** What a row of zeros becomes: shape (inputs). A sparse row begins with it, as a division for each input takes long. */
    public float[] ofZeros() {
        float[] zeros = new float[shift.length];
        apply(new double[shift.length], zeros);
        return zeros;
    }

    /**
     * Standardises a whole row.
     *
     * @param values shape (inputs)
     * @param to receives shape (inputs)
     */
    public void apply(double[] values, float[] to) {
        apply(values, 0, to, 0);
    }

    /**
     * Standardises a row of many.
     *
     * @param values have the row from {@code from} on
     * @param to receives it from {@code at} on
     */
    void apply(double[] values, int from, float[] to, int at) {
        for (int k = 0; k < shift.length; k++) {
            to[at + k] = of(k, values[from + k]);
        }
    }

    /** The same of floats. */
    void apply(float[] values, int from, float[] to, int at) {
        for (int k = 0; k < shift.length; k++) {
            to[at + k] = of(k, values[from + k]);
        }
    }
}
