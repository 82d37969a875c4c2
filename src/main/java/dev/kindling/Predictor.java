package dev.kindling;

import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.onnx.OnnxReader;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model for a program without Spark: Kindling's jar is all that it needs on its class path. It gives the same bits as {@link
 * ClassifierModel} and {@link RegressorModel}. Immutable, and shared freely between threads. Methods that are given an array for
 * what they predict make no garbage.
 */
public final class Predictor {
    private final Inputs inputs;
    private final Optional<Labels> labels;
    /** The values of {@link #labels}. */
    private final List<Object> values;

    private final Optional<Targets> targets;
    private final RowPredictor network;
    private final ThreadLocal<float[]> scratch = ThreadLocal.withInitial(() -> new float[0]);

    /** One that was read with a model. Of a model of images it takes numbers from 0 to 1. */
    public Predictor(Model model) {
        this(model, model.signatureOrReady());
    }

    Predictor(Model model, Signature signature) {
        this.inputs = signature.inputs();
        this.labels = signature.labels();
        this.values = labels.map(Predictor::values).orElse(List.of());
        this.targets = signature.targets();
        this.network = new RowPredictor(model.architecture(), model.parameters(), inputs.standardisation());
    }

    private static List<Object> values(Labels labels) {
        return IntStream.range(0, labels.values().size())
                .mapToObj(labels::value)
                .toList();
    }

    /**
     * Loads a model that was exported.
     *
     * @param file in ONNX, as {@code export} writes it
     * @throws KindlingException if it cannot be read, or is no network that Kindling has
     */
    public static Predictor load(Path file) {
        try {
            return read(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new KindlingException(file + ": found no such file, expected a model that was exported to ONNX", e);
        } catch (IOException e) {
            throw new KindlingException(file + ": cannot be read: " + Reason.of(e), e);
        }
    }

    /**
     * Reads a model that was exported, from wherever it comes: a resource, a database.
     *
     * @param name of it, for messages
     * @param onnx the whole file
     * @throws KindlingException if it is no network that Kindling has
     */
    public static Predictor read(String name, byte[] onnx) {
        return new Predictor(OnnxReader.read(name, onnx));
    }

    /** The columns that it takes, in the order of a row: one for each input, or one that has them all. */
    public List<String> inputs() {
        return inputs.columns();
    }

    /** The classes, in the order of probabilities: values of the label's type. Empty where numbers are predicted. */
    public List<Object> labels() {
        return values;
    }

    /** The numbers that are predicted; empty where there are classes. */
    public List<String> targets() {
        return targets.map(Targets::columns).orElse(List.of());
    }

    /**
     * The most probable label of a row, the first of equals; or the number that is predicted, a Double.
     *
     * @param <T> the type of the labels, as Spark gives it to Java
     * @param row shape (inputs), finite
     * @throws KindlingException if the row has another length, a number that is not finite, or several targets
     */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Row.getAs
    public <T> T predict(double... row) {
        checkRows(1, row);
        float[] own = room(network.outputs());
        network.predict(1, row, own);
        return (T) prediction(own);
    }

    /** The same of floats. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T> T predict(float[] row) {
        checkRows(1, row);
        float[] own = room(network.outputs());
        network.predict(1, row, own);
        return (T) prediction(own);
    }

    private Object prediction(float... own) {
        if (targets.isPresent()) {
            if (network.outputs() > 1) {
                throw new KindlingException(
                        "found a model of " + network.outputs() + " targets, expected one: use numbers");
            }
            return number(targets.orElseThrow().standardisation(), 0, own[0]);
        }
        int best = 0;
        for (int c = 1; c < values.size(); c++) {
            best = own[c] > own[best] ? c : best;
        }
        return values.get(best);
    }

    /** Scratch space of the thread that calls, at least so long. */
    private float[] room(int length) {
        float[] own = scratch.get();
        if (own.length < length) {
            own = new float[length];
            scratch.set(own);
        }
        return own;
    }

    /**
     * The probability of each label for a row.
     *
     * @param row shape (inputs), finite
     * @return shape (labels)
     * @throws KindlingException if the row has another length or a number that is not finite, or if there are no labels
     */
    public float[] probabilities(double... row) {
        float[] probabilities = new float[network.outputs()];
        probabilities(1, row, probabilities);
        return probabilities;
    }

    /**
     * The probabilities of rows, each with the bits that it has on its own. Many rows take less time together.
     *
     * @param rows how many
     * @param features shape (rows, inputs), row after row, finite
     * @param probabilities receives shape (rows, labels)
     * @throws KindlingException as above, or if an array has another length
     */
    public void probabilities(int rows, double[] features, float[] probabilities) {
        expect(labels.isPresent(), "labels");
        checkRows(rows, features);
        checkRoom(rows, probabilities.length);
        network.predict(rows, features, probabilities);
    }

    /** The same of floats. */
    public void probabilities(int rows, float[] features, float[] probabilities) {
        expect(labels.isPresent(), "labels");
        checkRows(rows, features);
        checkRoom(rows, probabilities.length);
        network.predict(rows, features, probabilities);
    }

    /**
     * The numbers that a regression predicts of a row.
     *
     * @param row shape (inputs), finite
     * @return shape (targets), in their own scale
     * @throws KindlingException if the row has another length or a number that is not finite, or if there are no targets
     */
    public double[] numbers(double... row) {
        double[] numbers = new double[network.outputs()];
        numbers(1, row, numbers);
        return numbers;
    }

    /**
     * The numbers of rows, each with the bits that it has on its own.
     *
     * @param rows how many
     * @param features shape (rows, inputs), row after row, finite
     * @param numbers receives shape (rows, targets), in their own scale
     * @throws KindlingException as above, or if an array has another length
     */
    public void numbers(int rows, double[] features, double[] numbers) {
        expect(targets.isPresent(), "targets");
        checkRows(rows, features);
        checkRoom(rows, numbers.length);
        float[] standardised = room(numbers.length);
        network.predict(rows, features, standardised);
        scale(standardised, numbers);
    }

    /** The same of floats. */
    public void numbers(int rows, float[] features, double[] numbers) {
        expect(targets.isPresent(), "targets");
        checkRows(rows, features);
        checkRoom(rows, numbers.length);
        float[] standardised = room(numbers.length);
        network.predict(rows, features, standardised);
        scale(standardised, numbers);
    }

    private void scale(float[] standardised, double[] numbers) {
        Standardisation scale = targets.orElseThrow().standardisation();
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = number(scale, k % scale.inputs(), standardised[k]);
        }
    }

    /** What an output is in the scale of its target. */
    static double number(Standardisation scale, int target, float output) {
        return output * scale.deviation()[target] + scale.shift()[target];
    }

    private static void expect(boolean has, String what) {
        if (!has) {
            throw new KindlingException("found a model without " + what + ", expected one with them");
        }
    }

    private void checkRows(int rows, double... features) {
        checkLength(rows, features.length);
        for (int k = 0; k < features.length; k++) {
            if (!Double.isFinite(features[k])) {
                throw notFinite(rows, k, features[k]);
            }
        }
    }

    private void checkRows(int rows, float... features) {
        checkLength(rows, features.length);
        if (!RowPredictor.areFinite(features)) {
            int k = 0;
            while (Float.isFinite(features[k])) {
                k++;
            }
            throw notFinite(rows, k, features[k]);
        }
    }

    private void checkLength(int rows, int length) {
        if (length != (long) rows * inputs.count()) {
            throw new KindlingException(
                    (rows == 1 ? "the row" : rows + " rows") + ": found " + length + " features, expected "
                            + (long) rows * inputs.count() + ": " + String.join(", ", inputs.columns()));
        }
    }

    private KindlingException notFinite(int rows, int k, double found) {
        int count = inputs.count();
        return new KindlingException((rows == 1 ? "the row" : "row " + k / count) + ": found " + found + " for "
                + inputs.name(k % count) + ", expected a finite number");
    }

    private void checkRoom(int rows, int length) {
        if (length != (long) rows * network.outputs()) {
            throw new KindlingException("found an array of " + length + " for the predictions of " + rows
                    + " rows, expected " + (long) rows * network.outputs());
        }
    }

    /** The network, for rows that have been checked. */
    RowPredictor network() {
        return network;
    }
}
