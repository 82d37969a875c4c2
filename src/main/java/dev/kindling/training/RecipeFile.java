package dev.kindling.training;

import dev.kindling.error.KindlingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Recipes as properties files: a line for each setting, such as {@code learning-rate=0.1}. */
public final class RecipeFile {
    /** Recipes have some twenty short lines. */
    private static final int MAX_BYTES = 1 << 16;

    private RecipeFile() {}

    /** The defaults: conf/default.properties, which is in the jar. It has every setting but the output, which is
     * softmax there: the command line has no option for another. */
    public static Map<String, String> defaults() {
        try (InputStream in = RecipeFile.class.getResourceAsStream("default.properties")) {
            return parse(in);
        } catch (IOException e) {
            throw new IllegalStateException("the jar holds default.properties", e);
        }
    }

    /**
     * The values in a file, whether or not they are settings of a recipe.
     *
     * @return values by their names
     * @throws KindlingException naming the file if it cannot be read or has more than {@value #MAX_BYTES} bytes
     */
    public static Map<String, String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("found more than " + MAX_BYTES + " bytes, expected a recipe");
            }
            return parse(new ByteArrayInputStream(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(
                    file + ": cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
        }
    }

    private static Map<String, String> parse(InputStream in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }
}
