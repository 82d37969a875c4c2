package dev.kindling.ui;

import java.util.Arrays;
import java.util.Locale;

/** A piece of HTML. Whatever is put into a template is escaped, unless it is a piece of HTML itself. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /**
     * Adds a template with its values in their places.
     *
     * @param template constant HTML, as {@link String#format} has it, all places {@code %s}
     * @param values strings and numbers as they come, or {@link Html}
     * @return this
     */
    Html add(String template, Object... values) {
        Object[] escaped = Arrays.stream(values)
                .map(value -> value instanceof Html html ? html.toString() : escape(String.valueOf(value)))
                .toArray();
        text.append(String.format(Locale.ROOT, template, escaped));
        return this;
    }

    /** A piece of a template and its values. */
    static Html of(String template, Object... values) {
        return new Html().add(template, values);
    }

    private static String escape(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
