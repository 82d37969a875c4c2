package dev.kindling.cli;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which columns of a table an imported model is for. Most programs do not write them down. */
final class Renaming {
    @Option(
            names = "--features",
            paramLabel = "NAMES",
            split = ",",
            description = "The columns of a table that the model takes, in its order.")
    private List<String> features = List.of();

    @Option(names = "--label", paramLabel = "NAME", description = "The column of the label that it predicts.")
    private String label;

    @Option(
            names = "--target",
            paramLabel = "NAMES",
            split = ",",
            description = "The columns of the numbers that it predicts.")
    private List<String> targets = List.of();

    /** The model with these names. */
    Model of(Model model) {
        if (features.isEmpty() && label == null && targets.isEmpty()) {
            return model;
        }
        Architecture layers = model.architecture();
        Signature old = model.signatureOrReady();
        Inputs inputs = features.isEmpty()
                ? old.inputs()
                : new Inputs(FeatureForm.COLUMNS, features, old.inputs().standardisation());
        if (label != null && old.labels().isEmpty()) {
            throw new KindlingException("--label: found a model of numbers, expected one of classes, or --target");
        }
        if (!targets.isEmpty() && old.targets().isEmpty()) {
            throw new KindlingException("--target: found a model of classes, expected one of numbers, or --label");
        }
        Optional<Labels> labels =
                label == null ? old.labels() : old.labels().map(all -> new Labels(label, all.type(), all.values()));
        Optional<Targets> numbers = targets.isEmpty()
                ? old.targets()
                : old.targets().map(all -> new Targets(targets, all.standardisation()));
        return new Model(
                layers, model.parameters(), model.provenance(), Optional.of(new Signature(inputs, labels, numbers)));
    }
}
