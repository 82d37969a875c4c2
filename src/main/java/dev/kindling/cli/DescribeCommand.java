package dev.kindling.cli;

import dev.kindling.network.Architecture;
import dev.kindling.storage.Model;
import dev.kindling.storage.Provenance;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code describe}: what a model is, in one screen. */
@Command(
        name = "describe",
        header = "Say what a saved model is: inputs, labels, layers, how it was trained, on what, how good.",
        sortOptions = false,
        footer = {"", "Example:", "  ./submit.sh describe --model models/iris"})
final class DescribeCommand implements Checked {
    @Mixin
    private ModelOption model;

    @Override
    public void checkPaths() {
        model.checkPaths();
    }

    @Override
    public Integer call() throws Exception {
        return Sessions.run("describe", spark -> {
            print(model.load(spark));
            return 0;
        });
    }

    private void print(Model loaded) {
        Provenance from = loaded.provenance();
        Architecture layers = loaded.architecture();
        line("model", "%s", model);
        loaded.signature()
                .ifPresentOrElse(
                        signature -> {
                            line("features", "%s", SignatureText.features(signature));
                            line("predicts", "%s", SignatureText.outputs(signature));
                        },
                        () -> {
                            line("features", "%d, such as pixels / 255", layers.inputs());
                            line("predicts", "classes 0 to %d", layers.classes() - 1);
                        });
        line("network", "%s: %,d parameters", layers, layers.parameters());
        if (from.steps() > 0) {
            line("trained on", "%s, %,d rows, fingerprint %s", from.data(), from.rows(), from.fingerprint());
            line("result", "loss %.4f%s on the training set", from.loss(), Accuracy.percent(from.accuracy()));
        } else {
            line("imported from", "%s", from.data());
        }
        if (from.validationRows() > 0) {
            line(
                    "held out",
                    "loss %.4f%s on %,d rows",
                    from.validationLoss(),
                    Accuracy.percent(from.validationAccuracy()),
                    from.validationRows());
        }
        if (!from.recipe().isEmpty()) {
            line("steps", "%,d", from.steps());
            new TreeMap<>(from.recipe()).forEach((name, value) -> line("  " + name, "%s", value));
        }
        line(
                "made with",
                "Kindling %s, %s%s",
                from.environment().kindling(),
                from.environment().spark().isEmpty()
                        ? ""
                        : "Spark " + from.environment().spark() + ", ",
                from.environment().jvm());
        line("", "%s; %s", from.environment().blas(), from.time());
        line("SHA-256", "%s", loaded.digest());
    }

    private static void line(String name, String pattern, Object... values) {
        System.out.printf(Locale.ROOT, "%-21s %s%n", name, String.format(Locale.ROOT, pattern, values));
    }
}
