package dev.kindling.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Versions, as Maven wrote it at build time. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"Kindling " + of("kindling")};
    }

    /** The version of {@code kindling} or {@code netlib}, such as 0.1.0. */
    static String of(String name) throws IOException {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties versions = new Properties();
            versions.load(in);
            return versions.getProperty(name);
        }
    }
}
