package dev.kindling.cli;

import dev.kindling.error.Printable;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What goes into a model and what comes out of it, in lines for people. */
final class SignatureText {
    /** How many names a line has. */
    private static final int SHOWN = 12;

    private SignatureText() {}

    /** The columns of the features. */
    static String features(Signature signature) {
        Inputs inputs = signature.inputs();
        return inputs.form() == FeatureForm.COLUMNS
                ? some(inputs.columns())
                : "column " + inputs.columns().get(0) + " of " + inputs.count() + " numbers each";
    }

    /** The label and its values, or the targets. */
    static String outputs(Signature signature) {
        return signature
                .labels()
                .map(SignatureText::text)
                .orElseGet(() -> text(signature.targets().orElseThrow()));
    }

    private static String text(Labels labels) {
        return "label: " + labels.column() + " (" + labels.type().toLowerCase(Locale.ROOT) + "), "
                + labels.values().size() + " classes: " + some(labels.values());
    }

    private static String text(Targets targets) {
        return (targets.columns().size() == 1 ? "target: " : "targets: ") + some(targets.columns());
    }

    private static String some(List<String> names) {
        String first = names.stream().limit(SHOWN).map(Printable::of).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " more";
    }
}
