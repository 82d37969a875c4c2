package dev.kindling.storage;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads parameters that NumPy programs saved as JSON, with the signature of a model of a table's columns if there is one;
 * {@link JsonWriter} has the format. It reads token by token, so that a file takes no more memory than its numbers and
 * names, and it limits all that a hostile file could make large.
 */
public final class JsonReader {
    private final String name;
    private final JsonTokens json;
    private final JsonSignature signature;

    private JsonReader(String name, JsonTokens json) {
        this.name = name;
        this.json = json;
        this.signature = new JsonSignature(json);
    }

    /**
     * What a file holds.
     *
     * @param parameters the flat array, laid out as {@link Architecture} says
     * @param signature fits the architecture; empty where the file says nothing of columns
     */
    public record Parameters(Architecture architecture, float[] parameters, Optional<Signature> signature) {}

    /** A layer as it is in the file: weights of shape (units, inputs). */
    private record Layer(String path, List<float[]> weights, float[] biases) {
        int inputs() {
            return weights.get(0).length;
        }
    }

    /**
     * Reads a file to its end.
     *
     * @param file a path or URI of any Hadoop file system
     * @throws KindlingException if it cannot be read, is not JSON, not of the format, or its matrices do not fit each other
     */
    public static Parameters read(Configuration configuration, String file) {
        try {
            Path path = new Path(file);
            return read(file, path.getFileSystem(configuration).open(path));
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException("cannot read '" + file + "': " + Reason.of(e), e);
        }
    }

    /**
     * The same of a stream.
     *
     * @param name of the file, for messages
     * @param in closed here
     * @throws KindlingException if it is not JSON, not of the format, or its matrices do not fit each other
     */
    public static Parameters read(String name, InputStream in) {
        try (JsonTokens json = new JsonTokens(name, in)) {
            JsonReader reader = new JsonReader(name, json);
            Parameters parameters = reader.combine(reader.document(), reader.signature.signature());
            json.next(null, "the end of the file"); // there may be blanks, and nothing else
            return parameters;
        } catch (JsonProcessingException e) {
            throw new KindlingException(name + ": not JSON: " + Reason.innermost(e) + place(e.getLocation()), e);
        } catch (IOException e) {
            throw new KindlingException(name + ": cannot be read: " + Reason.innermost(e), e);
        }
    }

    /** Of what is too long Jackson does not say where it is. */
    private static String place(JsonLocation location) {
        return location == null ? "" : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private List<Layer> document() throws IOException {
        Layer hidden = null;
        Layer output = null;
        List<Layer> layers = new ArrayList<>();
        json.next(JsonToken.START_OBJECT, "an object with hidden_layer and output_layer, or layers");
        while (json.nextField()) {
            switch (json.field()) {
                case "hidden_layer" -> hidden = layer("hidden_layer");
                case "output_layer" -> output = layer("output_layer");
                case "layers" -> layers = layers();
                default -> {
                    if (!signature.read(json.field())) {
                        throw json.wrong("hidden_layer and output_layer, or layers");
                    }
                }
            }
        }
        boolean two = hidden != null && output != null && layers.isEmpty();
        if (!two && (hidden != null || output != null || layers.isEmpty())) {
            throw json.wrong("both of hidden_layer and output_layer, or layers with at least one");
        }
        return two ? List.of(hidden, output) : layers;
    }

    private List<Layer> layers() throws IOException {
        List<Layer> layers = new ArrayList<>();
        json.next(JsonToken.START_ARRAY, "an array of layers");
        while (json.nextElement()) {
            layers.add(layerHere("layers[" + layers.size() + "]"));
        }
        return layers;
    }

    private Layer layer(String path) throws IOException {
        json.next();
        return layerHere(path);
    }

    private Layer layerHere(String path) throws IOException {
        List<float[]> weights = null;
        float[] biases = null;
        json.expect(JsonToken.START_OBJECT, path + " to be an object");
        while (json.nextField()) {
            switch (json.field()) {
                case "weights" -> weights = matrix(path + ".weights");
                case "biases" -> biases = biases(path + ".biases");
                default -> throw json.wrong("weights and biases in " + path);
            }
        }
        if (weights == null || biases == null) {
            throw json.wrong("both weights and biases in " + path);
        }
        if (biases.length != weights.size()) {
            throw new KindlingException(name + ": " + path + ": found " + weights.size() + " rows of weights and "
                    + biases.length + " biases, expected a row and a bias for each unit");
        }
        return new Layer(path, weights, biases);
    }

    private List<float[]> matrix(String path) throws IOException {
        List<float[]> rows = new ArrayList<>();
        json.next(JsonToken.START_ARRAY, path + " to be an array of rows, one for each unit");
        while (json.nextElement()) {
            json.expect(JsonToken.START_ARRAY, path + " to be an array of rows, one for each unit");
            float[] row = numbers(path, false);
            if (!rows.isEmpty() && row.length != rows.get(0).length) {
                throw new KindlingException(name + ": " + path + "[" + rows.size() + "]: found " + row.length
                        + " numbers, expected " + rows.get(0).length + " as in the first row");
            }
            rows.add(row);
            json.checkSize(path, rows.size(), Architecture.MAX_SIZE);
        }
        if (rows.isEmpty()) {
            throw json.wrong("at least one row in " + path);
        }
        return rows;
    }

    /** A flat list, or a column: then each number is in an array of its own. */
    private float[] biases(String path) throws IOException {
        json.next(JsonToken.START_ARRAY, path + " to be an array");
        return numbers(path, true);
    }

    /** The numbers up to the end of the array that has begun. */
    private float[] numbers(String path, boolean column) throws IOException {
        float[] numbers = new float[16];
        int count = 0;
        while (json.nextElement()) {
            boolean wrapped = column && json.is(JsonToken.START_ARRAY);
            if (wrapped) {
                json.next();
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number(path);
            json.checkSize(path, count, column ? Architecture.MAX_SIZE : Architecture.MAX_INPUTS);
            if (wrapped) {
                json.next(JsonToken.END_ARRAY, path + " to have one number in each row");
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private float number(String path) throws IOException {
        float number = (float) json.number(path);
        if (!Float.isFinite(number)) {
            throw json.wrong(path + " to hold numbers that fit 32-bit floats");
        }
        return number;
    }

    /** Puts the layers' weights, transposed to (inputs, units), and biases into one flat array. */
    private Parameters combine(List<Layer> layers, Optional<Signature> columns) {
        List<Integer> sizes = new ArrayList<>(List.of(layers.get(0).inputs()));
        for (Layer layer : layers) {
            if (layer.inputs() != sizes.get(sizes.size() - 1)) {
                throw new KindlingException(name + ": " + layer.path() + ".weights: found rows of " + layer.inputs()
                        + " numbers, expected " + sizes.get(sizes.size() - 1) + ", the units of the layer before");
            }
            sizes.add(layer.biases().length);
        }
        Architecture architecture = architecture(sizes, columns);
        float[] parameters = new float[architecture.parameters()];
        for (int l = 0; l < layers.size(); l++) {
            int units = architecture.units(l);
            for (int u = 0; u < units; u++) {
                float[] row = layers.get(l).weights().get(u);
                for (int i = 0; i < row.length; i++) {
                    parameters[architecture.weights(l) + i * units + u] = row[i];
                }
            }
            System.arraycopy(layers.get(l).biases(), 0, parameters, architecture.biases(l), units);
        }
        return new Parameters(architecture, parameters, columns);
    }

    /** What fits the signature, if there is one. */
    private Architecture architecture(List<Integer> sizes, Optional<Signature> columns) {
        try {
            boolean isRegression = columns.flatMap(Signature::targets).isPresent();
            Architecture architecture = new Architecture(sizes, isRegression ? Output.IDENTITY : Output.SOFTMAX);
            columns.ifPresent(given -> Model.checkFit(architecture, given));
            return architecture;
        } catch (KindlingException e) {
            throw new KindlingException(name + ": " + e.getMessage(), e);
        }
    }
}
