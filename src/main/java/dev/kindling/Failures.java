package dev.kindling;

import dev.kindling.error.KindlingException;
import java.util.Optional;
import java.util.function.Supplier;

/** What Spark wraps. */
final class Failures {
    private Failures() {}

    /** Runs something. If a Spark job fails because of what a user can put right, that is thrown, and not what Spark makes of it. */
    static <T> T unwrapped(Supplier<T> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            Optional<KindlingException> known = KindlingException.in(e);
            if (known.isPresent() && known.get() != e) {
                throw new KindlingException(known.get().getMessage(), e);
            }
            throw e;
        }
    }
}
