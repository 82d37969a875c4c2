package dev.kindling;

/**
 * Something the user can put right: a damaged file, an output that exists, a run that diverges.
 *
 * <p>The message is one line and says what, where (file, row, option), what was found, what was expected and, where it
 * helps, what to do. The command line prints it without a stack trace.
 */
public final class KindlingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line that stands alone */
    public KindlingException(String message) {
        super(message);
    }

    /**
     * @param message one line that stands alone
     * @param cause what led to it, shown by {@code --verbose}
     */
    public KindlingException(String message, Throwable cause) {
        super(message, cause);
    }
}
