package dev.kindling.error;

/** What an exception of another library says, in one line. */
public final class Reason {
    private Reason() {}

    /** The first line of its message, or its kind. */
    public static String of(Throwable error) {
        return error.getMessage() == null
                ? error.getClass().getSimpleName()
                : error.getMessage().lines().findFirst().orElse("");
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
