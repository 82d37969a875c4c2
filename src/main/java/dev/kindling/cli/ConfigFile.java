package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.PropertiesDefaultProvider;

/**
 * Values for options that the command line does not give: from the file named by {@code --config}, else from the recipe
 * that ships with Kindling, conf/default.properties.
 */
final class ConfigFile {
    /** Recipes have some twenty short lines. */
    private static final int MAX_BYTES = 1 << 16;

    @Command
    private static final class ConfigOption {
        @Option(names = "--config")
        private Path file;
    }

    private ConfigFile() {}

    /**
     * The values that go with a command line.
     *
     * @param command that they are for
     * @param defaults what the command has in place of what ships with Kindling
     * @throws KindlingException if the file cannot be read, or names or values in it are wrong
     */
    static PropertiesDefaultProvider named(CommandSpec command, Map<String, String> defaults, String... arguments) {
        Properties values = new Properties();
        try (InputStream shipped = ConfigFile.class.getResourceAsStream("/dev/kindling/training/default.properties")) {
            values.load(shipped);
            values.putAll(defaults);
            Path file = fileNamed(arguments);
            if (file != null) {
                Properties given = read(file);
                values.putAll(given);
                check(command, file, given, values);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the jar holds default.properties", e);
        }
        return new PropertiesDefaultProvider(values);
    }

    private static Properties read(Path file) {
        Properties given = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("found more than " + MAX_BYTES + " bytes, expected a recipe");
            }
            given.load(new ByteArrayInputStream(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw new KindlingException(
                    "--config: cannot read " + file + ": " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
        }
        return given;
    }

    private static Path fileNamed(String... arguments) {
        ConfigOption option = new ConfigOption();
        try {
            new CommandLine(option).setUnmatchedArgumentsAllowed(true).parseArgs(arguments);
        } catch (ParameterException e) {
            return null; // --config without a file: the full parse says so better
        }
        return option.file;
    }

    /** Every name is an option of the command, and every value one that it takes; picocli would fill in variables. */
    private static void check(CommandSpec command, Path file, Properties given, Properties merged) {
        CommandLine commandLine = new CommandLine(command.userObject().getClass())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(new PropertiesDefaultProvider(merged));
        for (String name : given.stringPropertyNames()) {
            if (!commandLine.getCommandSpec().optionsMap().containsKey("--" + name) || name.equals("config")) {
                throw new KindlingException(file + ": found '" + name
                        + "', expected names of options of " + command.name() + "; see: ./submit.sh " + command.name()
                        + " --help");
            }
            if (given.getProperty(name).contains("${")) {
                throw new KindlingException(file + ": found a variable in '" + name + "=" + given.getProperty(name)
                        + "', expected a value");
            }
        }
        try {
            commandLine.parseArgs();
        } catch (ParameterException e) {
            throw new KindlingException(file + ": " + e.getMessage(), e);
        }
    }
}
