package dev.kindling.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.kindling.error.KindlingException;
import dev.kindling.error.Reason;
import dev.kindling.network.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads parameters that NumPy programs saved as JSON; {@link JsonWriter} has the format. It reads token by token, so
 * that a file takes no more memory than its numbers, and it limits all that a hostile file could make large.
 */
public final class JsonReader implements AutoCloseable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final JsonParser parser;

    private JsonReader(String name, JsonParser parser) {
        this.name = name;
        this.parser = parser;
    }

    /**
     * What a file holds.
     *
     * @param parameters the flat array, laid out as {@link Architecture} says
     */
    public record Parameters(Architecture architecture, float[] parameters) {}

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
        try (JsonReader reader = new JsonReader(name, FACTORY.createParser(in))) {
            Parameters parameters = reader.combine(reader.document());
            reader.parser.nextToken(); // there may be blanks, and nothing else
            reader.expect(null, "the end of the file");
            return parameters;
        } catch (JsonProcessingException e) {
            throw new KindlingException(
                    name + ": not JSON: " + Reason.innermost(e) + ", at line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr(),
                    e);
        } catch (IOException e) {
            throw new KindlingException(name + ": cannot be read: " + Reason.innermost(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private List<Layer> document() throws IOException {
        Layer hidden = null;
        Layer output = null;
        List<Layer> layers = new ArrayList<>();
        parser.nextToken();
        expect(JsonToken.START_OBJECT, "an object with hidden_layer and output_layer, or layers");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            switch (parser.currentName()) {
                case "hidden_layer" -> hidden = layer("hidden_layer");
                case "output_layer" -> output = layer("output_layer");
                case "layers" -> layers = layers();
                default -> throw wrong("hidden_layer and output_layer, or layers");
            }
        }
        boolean two = hidden != null && output != null && layers.isEmpty();
        if (!two && (hidden != null || output != null || layers.isEmpty())) {
            throw wrong("both of hidden_layer and output_layer, or layers with at least one");
        }
        return two ? List.of(hidden, output) : layers;
    }

    private List<Layer> layers() throws IOException {
        List<Layer> layers = new ArrayList<>();
        parser.nextToken();
        expect(JsonToken.START_ARRAY, "an array of layers");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            layers.add(layerHere("layers[" + layers.size() + "]"));
        }
        return layers;
    }

    private Layer layer(String path) throws IOException {
        parser.nextToken();
        return layerHere(path);
    }

    private Layer layerHere(String path) throws IOException {
        List<float[]> weights = null;
        float[] biases = null;
        expect(JsonToken.START_OBJECT, path + " to be an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            switch (parser.currentName()) {
                case "weights" -> weights = matrix(path + ".weights");
                case "biases" -> biases = biases(path + ".biases");
                default -> throw wrong("weights and biases in " + path);
            }
        }
        if (weights == null || biases == null) {
            throw wrong("both weights and biases in " + path);
        }
        if (biases.length != weights.size()) {
            throw new KindlingException(name + ": " + path + ": found " + weights.size() + " rows of weights and "
                    + biases.length + " biases, expected a row and a bias for each unit");
        }
        return new Layer(path, weights, biases);
    }

    private List<float[]> matrix(String path) throws IOException {
        List<float[]> rows = new ArrayList<>();
        parser.nextToken();
        expect(JsonToken.START_ARRAY, path + " to be an array of rows, one for each unit");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(JsonToken.START_ARRAY, path + " to be an array of rows, one for each unit");
            float[] row = numbers(path, false);
            if (!rows.isEmpty() && row.length != rows.get(0).length) {
                throw new KindlingException(name + ": " + path + "[" + rows.size() + "]: found " + row.length
                        + " numbers, expected " + rows.get(0).length + " as in the first row");
            }
            rows.add(row);
            checkSize(path, rows.size());
        }
        if (rows.isEmpty()) {
            throw wrong("at least one row in " + path);
        }
        return rows;
    }

    /** A flat list, or a column: then each number is in an array of its own. */
    private float[] biases(String path) throws IOException {
        parser.nextToken();
        expect(JsonToken.START_ARRAY, path + " to be an array");
        return numbers(path, true);
    }

    /** The numbers up to the end of the array that has begun. */
    private float[] numbers(String path, boolean column) throws IOException {
        float[] numbers = new float[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean wrapped = column && parser.currentToken() == JsonToken.START_ARRAY;
            if (wrapped) {
                parser.nextToken();
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number(path);
            checkSize(path, count);
            if (wrapped) {
                parser.nextToken();
                expect(JsonToken.END_ARRAY, path + " to have one number in each row");
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private float number(String path) throws IOException {
        if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
            throw wrong(path + " to hold numbers");
        }
        float number = (float) parser.getDoubleValue();
        if (!Float.isFinite(number)) {
            throw wrong(path + " to hold numbers that fit 32-bit floats");
        }
        return number;
    }

    private void checkSize(String path, int size) throws IOException {
        if (size > Architecture.MAX_SIZE) {
            throw wrong("at most " + Architecture.MAX_SIZE + " numbers in a row or column of " + path);
        }
    }

    private void expect(JsonToken token, String expected) throws IOException {
        if (parser.currentToken() != token) {
            throw wrong(expected);
        }
    }

    private KindlingException wrong(String expected) throws IOException {
        String text = parser.currentToken() == null ? "the end of the file" : parser.getText();
        String found = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return new KindlingException(name + ": found " + found.replaceAll("\\p{Cntrl}", "?") + " at line "
                + parser.currentLocation().getLineNr() + ", expected " + expected);
    }

    /** Puts the layers' weights, transposed to (inputs, units), and biases into one flat array. */
    private Parameters combine(List<Layer> layers) {
        List<Integer> sizes = new ArrayList<>(List.of(layers.get(0).inputs()));
        for (Layer layer : layers) {
            if (layer.inputs() != sizes.get(sizes.size() - 1)) {
                throw new KindlingException(name + ": " + layer.path() + ".weights: found rows of " + layer.inputs()
                        + " numbers, expected " + sizes.get(sizes.size() - 1) + ", the units of the layer before");
            }
            sizes.add(layer.biases().length);
        }
        Architecture architecture;
        try {
            architecture = new Architecture(sizes);
        } catch (KindlingException e) {
            throw new KindlingException(name + ": " + e.getMessage(), e);
        }
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
        return new Parameters(architecture, parameters);
    }
}
