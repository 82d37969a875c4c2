package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Labels;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import dev.kindling.storage.Targets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads networks of fully connected layers from ONNX: those that {@link OnnxWriter} writes, with the same digest, and those that
 * PyTorch, Keras and scikit-learn export. The file is hostile until it is checked: nothing in it is run, no other file is opened,
 * and no number in it makes room for more than the file has.
 */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * Reads a file. Where it does not come from Kindling, a network that ends in Softmax, or chooses a class, is a classification.
     * It has a signature if it has labels, scales its inputs or has one for each column. One without that end predicts numbers,
     * which are called as the output is.
     *
     * @param name of the file, for messages
     * @throws KindlingException if it is not ONNX, damaged, or another network, naming the node
     */
    public static Model read(String name, byte[] file) {
        return read(name, file, Output.IDENTITY);
    }

    /**
     * The same, with a meaning of sums of the last layer that nothing follows.
     *
     * @param end {@link Output#SOFTMAX} if they are logits of classes, as PyTorch's classifiers have them
     * @throws KindlingException as above
     */
    public static Model read(String name, byte[] file, Output end) {
        Graph graph = Graph.read(name, file);
        Chain chain = new Chain(name, graph);
        Metadata metadata = new Metadata(name, graph.metadata());
        try {
            Architecture architecture = architecture(chain, end);
            Optional<Signature> signature = metadata.isOfKindling()
                    ? own(metadata, chain, architecture)
                    : foreign(chain, architecture, graph.outputs());
            Model model =
                    new Model(architecture, chain.layers().parameters(architecture), metadata.provenance(), signature);
            metadata.checkDigest(model);
            return model;
        } catch (KindlingException e) {
            throw e.getMessage().startsWith(name) ? e : new KindlingException(name + ": " + e.getMessage(), e);
        }
    }

    private static Architecture architecture(Chain chain, Output end) {
        boolean isScaled = !chain.outputScale().isOf(1);
        return new Architecture(
                chain.layers().sizes(), chain.hasClasses() ? Output.SOFTMAX : isScaled ? Output.IDENTITY : end);
    }

    private static Optional<Signature> own(Metadata metadata, Chain chain, Architecture architecture) {
        if (metadata.form().isEmpty()) {
            return Optional.empty();
        }
        Inputs inputs = new Inputs(
                metadata.form().get(), metadata.columns(), chain.inputScale().of(architecture.inputs()));
        if (!chain.hasClasses()) {
            Standardisation scale = chain.outputScale().of(architecture.outputs());
            return Optional.of(
                    new Signature(inputs, Optional.empty(), Optional.of(new Targets(metadata.targets(), scale))));
        }
        List<String> values = metadata.labels(chain.labels()).orElseGet(() -> values(chain, architecture.outputs()));
        Labels labels = new Labels(metadata.labelColumn(), metadata.labelType(), values);
        return Optional.of(new Signature(inputs, Optional.of(labels), Optional.empty()));
    }

    /** What a file of another program says of columns and labels, by the names that there are. */
    private static Optional<Signature> foreign(Chain chain, Architecture architecture, List<String> outputs) {
        boolean isByColumn = chain.columns().size() > 1;
        boolean isReady = chain.inputScale().isOf(1) || chain.inputScale().isOf(Inputs.LEVELS);
        boolean isClassification = architecture.output() == Output.SOFTMAX;
        if (isClassification && isReady && !isByColumn && chain.labels() == null) {
            return Optional.empty();
        }
        Inputs inputs = new Inputs(
                isByColumn ? FeatureForm.COLUMNS : FeatureForm.ARRAY,
                chain.columns(),
                chain.inputScale().of(architecture.inputs()));
        if (isClassification) {
            Labels labels = new Labels("label", type(chain.labels()), values(chain, architecture.outputs()));
            return Optional.of(new Signature(inputs, Optional.of(labels), Optional.empty()));
        }
        String name = outputs.get(0);
        List<String> targets = architecture.outputs() == 1
                ? List.of(name)
                : IntStream.range(0, architecture.outputs())
                        .mapToObj(k -> name + "_" + k)
                        .toList();
        Standardisation scale = chain.outputScale().of(architecture.outputs());
        return Optional.of(new Signature(inputs, Optional.empty(), Optional.of(new Targets(targets, scale))));
    }

    /** The labels, or the numbers of the classes. */
    private static List<String> values(Chain chain, int classes) {
        return chain.labels() != null
                ? chain.labels().asTexts()
                : IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    }

    /** As SQL writes the type of labels. */
    private static String type(Tensor labels) {
        return switch (labels == null ? Tensor.Type.INT32 : labels.type()) {
            case STRING -> "STRING";
            case BOOL -> "BOOLEAN";
            case FLOAT -> "FLOAT";
            case DOUBLE -> "DOUBLE";
            case INT64 -> "BIGINT";
            default -> "INT";
        };
    }
}
