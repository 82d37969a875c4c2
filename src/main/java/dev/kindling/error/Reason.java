package dev.kindling.error;

import java.util.Objects;

/** What an exception of another library says, in one line. */
public final class Reason {
    private Reason() {}

    /** The first line of its message that is not blank, or its kind. */
    public static String of(Throwable error) {
        return Objects.toString(error.getMessage(), "")
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(error.getClass().getSimpleName());
    }

    /** The same of its innermost cause, where Spark and Hadoop say what was wrong. */
    public static String innermost(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return of(innermost);
    }
}
