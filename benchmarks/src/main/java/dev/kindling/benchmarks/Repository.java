package dev.kindling.benchmarks;

import dev.kindling.network.Architecture;
import dev.kindling.training.Recipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

/** What the benchmarks take from the repository they are part of. run.sh starts them in its root. */
final class Repository {
    private Repository() {}

    static Path path(String name) {
        return Path.of(name);
    }

    /**
     * A recipe of conf/, without validation.
     *
     * @param name such as {@code classic}; what it does not say is as in default.properties
     * @param changes settings that win, such as {@code iterations=20}
     */
    static Recipe recipe(String name, String... changes) {
        Properties settings = new Properties();
        for (String file : new String[] {"default", name}) {
            try (BufferedReader reader = Files.newBufferedReader(path("conf/" + file + ".properties"))) {
                settings.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (String change : changes) {
            settings.setProperty(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
        RecordComponent[] components = Recipe.class.getRecordComponents();
        try {
            return Recipe.class
                    .getDeclaredConstructor(
                            Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new))
                    .newInstance(Stream.of(components)
                            .map(component -> value(component, settings))
                            .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The setting of a component, as its type: learningRate is learning-rate in the file. */
    private static Object value(RecordComponent component, Properties settings) {
        if (component.getType() == Recipe.Validation.class) {
            return Recipe.Validation.NONE;
        }
        String name = component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        String text = settings.getProperty(name).replace("full", String.valueOf(Recipe.FULL_BATCH));
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .filter(constant -> constant.toString().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow();
        }
        if (type == Architecture.class) {
            return Architecture.parse(text);
        }
        if (type == double.class) {
            return Double.valueOf(text);
        }
        return type == long.class ? (Object) Long.valueOf(text) : Integer.valueOf(text);
    }
}
