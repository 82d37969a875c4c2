package dev.kindling.error;

import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something the user can put right: a damaged file, an output that exists, a run that diverges.
 *
 * <p>The message is one line and says what, where (file, row, setting), what was found, what was expected and, where it
 * helps, what to do. It may contain text of a damaged file: characters that would break the line or control a terminal
 * are shown as {@code ?}, and long text is cut.
 *
 * <p>A message names a setting by {@link #setting}, so that whoever shows the message can write the name that is used
 * there: {@code learningRate} in code, {@code --learning-rate} on a command line.
 */
public final class KindlingException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 2_000;

    /** Around the name of a setting. Unicode gives these two characters no meaning, so no text needs them. */
    private static final char BEGIN = '\uE000';

    private static final char END = '\uE001';
    private static final Pattern SETTING = Pattern.compile(BEGIN + "([a-z0-9-]+)" + END);
    private static final Pattern HYPHEN = Pattern.compile("-([a-z0-9])");

    /** @param message one line that stands alone */
    public KindlingException(String message) {
        super(message);
    }

    /**
     * @param message one line that stands alone
     * @param cause what led to it
     */
    public KindlingException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The first of these among an error and its causes: Spark wraps what tasks have thrown. */
    public static Optional<KindlingException> in(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof KindlingException known) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /**
     * A setting, to be put into a message.
     *
     * @param name as recipe files have it: {@code learning-rate}
     */
    public static String setting(String name) {
        return BEGIN + name + END;
    }

    /** The message, with the names that settings have in code: {@code learningRate}. */
    @Override
    public String getMessage() {
        return message(KindlingException::camelCase);
    }

    /**
     * The message for somebody who knows the settings by other names.
     *
     * @param names gives the name of a setting such as {@code learning-rate}
     */
    public String message(UnaryOperator<String> names) {
        String named = SETTING.matcher(super.getMessage())
                .replaceAll(found -> Matcher.quoteReplacement(names.apply(found.group(1))));
        String shown = named.length() > MAX_LENGTH ? named.substring(0, MAX_LENGTH) + "..." : named;
        return Printable.of(shown);
    }

    private static String camelCase(String name) {
        return HYPHEN.matcher(name).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
