package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.training.RecipeFile;
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
    @Command
    private static final class ConfigOption {
        @Option(names = "--config")
        private Path file;
    }

    private ConfigFile() {}

    /**
     * The values that go with a command line.
     *
     * @param command the command that they are for
     * @param defaults the command's own values, which replace those that ship with Kindling
     * @throws KindlingException if the file cannot be read, or names or values in it are wrong
     */
    static PropertiesDefaultProvider named(CommandSpec command, Map<String, String> defaults, String... arguments) {
        Map<String, String> values = RecipeFile.defaults();
        values.putAll(defaults);
        Path file = fileNamed(arguments);
        if (file != null) {
            Map<String, String> given = RecipeFile.read(file);
            values.putAll(given);
            check(command, file, given, values);
        }
        return provider(values);
    }

    private static PropertiesDefaultProvider provider(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return new PropertiesDefaultProvider(properties);
    }

    private static Path fileNamed(String... arguments) {
        ConfigOption option = new ConfigOption();
        try {
            new CommandLine(option).setUnmatchedArgumentsAllowed(true).parseArgs(arguments);
        } catch (ParameterException e) {
            return null; // the full parse reports a --config without a file
        }
        return shipped(option.file);
    }

    /** A file that is not where the user stands may be one that is shipped: beside submit.sh, which says where that is. */
    static Path shipped(Path file) {
        String home = System.getenv("KINDLING_HOME");
        if (file == null || home == null || Files.exists(file)) {
            return file;
        }
        Path beside = Path.of(home).resolve(file);
        return Files.exists(beside) ? beside : file;
    }

    /** Every name is an option of the command, and every value one that it takes; picocli would fill in variables. */
    private static void check(CommandSpec command, Path file, Map<String, String> given, Map<String, String> merged) {
        CommandLine commandLine = new CommandLine(command.userObject().getClass())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(provider(merged));
        given.forEach((name, value) -> {
            if (!commandLine.getCommandSpec().optionsMap().containsKey("--" + name) || name.equals("config")) {
                throw new KindlingException(file + ": found '" + name
                        + "', expected names of options of " + command.name() + "; see: ./submit.sh " + command.name()
                        + " --help");
            }
            if (value.contains("${")) {
                throw new KindlingException(
                        file + ": found a variable in '" + name + "=" + value + "', expected a value");
            }
        });
        try {
            commandLine.parseArgs();
        } catch (ParameterException e) {
            throw new KindlingException(file + ": " + e.getMessage(), e);
        }
    }
}
