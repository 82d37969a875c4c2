package dev.kindling.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Versions, as Maven wrote them when it built this jar. */
public final class Version {
    private static final Properties VERSIONS = new Properties();

    static {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            VERSIONS.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("the jar holds version.properties", e);
        }
    }

    private Version() {}

    /** That of Kindling, such as 0.1.0. */
    public static String kindling() {
        return VERSIONS.getProperty("kindling");
    }

    /** That of the netlib library. */
    static String netlib() {
        return VERSIONS.getProperty("netlib");
    }
}
