package dev.kindling.error;

/**
 * Something the user can put right: a damaged file, an output that exists, a run that diverges.
 *
 * <p>The message is one line and says what, where (file, row, option), what was found, what was expected and, where it
 * helps, what to do. What a damaged file says of itself may be in it: what
 * would break the line, or do something to a terminal, is shown as {@code ?}, and what is endless is cut.
 */
public final class KindlingException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 2_000;

    /** @param message one line that stands alone */
    public KindlingException(String message) {
        super(line(message));
    }

    /**
     * @param message one line that stands alone
     * @param cause what led to it, shown by {@code --verbose}
     */
    public KindlingException(String message, Throwable cause) {
        super(line(message), cause);
    }

    private static String line(String message) {
        String shown = message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) + "..." : message;
        return shown.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
