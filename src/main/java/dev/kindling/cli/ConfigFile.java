package dev.kindling.cli;

import dev.kindling.KindlingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.PropertiesDefaultProvider;

/**
 * Values for options that the command line does not give: from the file named by {@code --config}, else from the recipe
 * that ships with Kindling, conf/default.properties.
 */
final class ConfigFile {
    @Command
    private static final class ConfigOption {
        @Option(names = "--config")
        private Path file;
    }

    private ConfigFile() {}

    /**
     * The values that go with a command line.
     *
     * @throws KindlingException if the file cannot be read, or names or values in it are wrong
     */
    static PropertiesDefaultProvider named(String... arguments) {
        Properties values = new Properties();
        try (InputStream shipped = ConfigFile.class.getResourceAsStream("/dev/kindling/training/default.properties")) {
            values.load(shipped);
            Path file = fileNamed(arguments);
            if (file != null) {
                Properties given = new Properties();
                try (InputStream in = Files.newInputStream(file)) {
                    given.load(in);
                } catch (IOException | IllegalArgumentException e) {
                    throw new KindlingException(
                            "--config: cannot read " + file + ": "
                                    + e.getClass().getSimpleName() + " " + e.getMessage(),
                            e);
                }
                values.putAll(given);
                check(file, given, values);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the jar holds default.properties", e);
        }
        return new PropertiesDefaultProvider(values);
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

    /** Every name is an option of train, and every value one that it takes. */
    private static void check(Path file, Properties given, Properties merged) {
        CommandLine commandLine = new CommandLine(new TrainCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(new PropertiesDefaultProvider(merged));
        for (String name : given.stringPropertyNames()) {
            if (!commandLine.getCommandSpec().optionsMap().containsKey("--" + name) || name.equals("config")) {
                throw new KindlingException(file + ": found '" + name
                        + "', expected names of options of train; see: ./submit.sh train --help");
            }
        }
        try {
            commandLine.parseArgs();
        } catch (ParameterException e) {
            throw new KindlingException(file + ": " + e.getMessage(), e);
        }
    }
}
