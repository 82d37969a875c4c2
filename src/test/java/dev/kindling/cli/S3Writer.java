package dev.kindling.cli;

import dev.kindling.storage.OutputDirectory;
import dev.kindling.storage.TextOutputs;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Writes a directory of four files that all hold the same text. As a program, in a process that can be killed. */
final class S3Writer {
    static final String MARK = "mark";
    private static final List<String> FILES = List.of("a", "folder/b", MARK, "z");

    private S3Writer() {}

    /**
     * Writes the directory, or replaces it.
     *
     * @param arguments the directory, the text, and settings of Hadoop by pairs
     */
    public static void main(String[] arguments) {
        Configuration configuration = new Configuration();
        for (int k = 2; k < arguments.length; k += 2) {
            configuration.set(arguments[k], arguments[k + 1]);
        }
        open(configuration, arguments[0], true).write(text(configuration, arguments[1]));
    }

    static OutputDirectory open(Configuration configuration, String directory, boolean overwrite) {
        return OutputDirectory.open(configuration, directory, MARK, overwrite, System.out::println);
    }

    static OutputDirectory.Writer text(Configuration configuration, String text) {
        return TextOutputs.writer(configuration, FILES, text);
    }
}
