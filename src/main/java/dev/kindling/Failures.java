package dev.kindling;

import dev.kindling.error.KindlingException;
import java.util.function.Supplier;

/** What Spark wraps. */
final class Failures {
    private Failures() {}

    /** Runs something. If a Spark job fails because of what a user can put right, that is thrown, and not what Spark makes of it. */
    static <T> T unwrapped(Supplier<T> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof KindlingException known) {
                    throw known == e ? known : new KindlingException(known.getMessage(), e);
                }
            }
            throw e;
        }
    }
}
