package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.network.Standardisation;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A trained network.
 *
 * @param parameters the flat array, laid out as {@link Architecture} says, every number finite
 * @param signature what goes in and comes out, where that is not pixels and numbers of classes
 */
public record Model(
        Architecture architecture, float[] parameters, Provenance provenance, Optional<Signature> signature) {
    /** What shows that a directory holds a model. */
    public static final String MARK = "provenance.parquet";

    /** One that takes pixels, or other numbers that are ready for the network. */
    public Model(Architecture architecture, float[] parameters, Provenance provenance) {
        this(architecture, parameters, provenance, Optional.empty());
    }

    /** @throws KindlingException if parameters or signature do not fit the architecture, or parameters are not finite */
    public Model {
        if (parameters.length != architecture.parameters()) {
            throw new KindlingException("found " + parameters.length + " parameters, expected "
                    + architecture.parameters() + " for layers " + architecture);
        }
        for (int k = 0; k < parameters.length; k++) {
            if (!Float.isFinite(parameters[k])) {
                throw new KindlingException("parameter " + k + " of layer " + (architecture.layerOf(k) + 1) + " is "
                        + parameters[k] + ", expected a finite number");
            }
        }
        signature.ifPresent(given -> checkFit(architecture, given));
    }

    /** What goes in and what comes out. Without a signature that is a column of arrays of numbers that are ready for the network. */
    public Signature signatureOrReady() {
        return signature.orElseGet(
                () -> Signature.ofImages(architecture, FeatureForm.ARRAY, List.of(Signature.FEATURES), 1));
    }

    static void checkFit(Architecture architecture, Signature signature) {
        int inputs = signature.inputs().count();
        int outputs = signature.labels().map(labels -> labels.values().size()).orElse(0)
                + signature.targets().map(targets -> targets.columns().size()).orElse(0);
        if (inputs != architecture.inputs() || outputs != architecture.outputs()) {
            throw new KindlingException("found " + inputs + " inputs and " + outputs
                    + " outputs, expected those of layers " + architecture);
        }
        if (signature.targets().isPresent() != (architecture.output() == Output.IDENTITY)) {
            throw new KindlingException(
                    "found output " + architecture.output() + ", expected softmax for labels and identity for targets");
        }
    }

    /** What to say of a directory that holds none. */
    public static KindlingException missing(Object directory) {
        return new KindlingException(directory + ": found no model, expected " + MARK + " and parameters.parquet: train"
                + " one, or give the place of one as " + setting("model"));
    }

    /**
     * The SHA-256 of the parameters as big-endian floats, and of the scales and labels of the signature, in hex: equal digests
     * mean equal predictions, bit for bit.
     */
    public String digest() {
        return Digest.of(out -> {
            Digest.write(out, parameters);
            if (signature.isPresent()) {
                write(out, signature.get());
            }
        });
    }

    /** The same of parameters alone. */
    public static String digest(float[] parameters) {
        return Digest.of(out -> Digest.write(out, parameters));
    }

    private static void write(DataOutputStream out, Signature signature) throws IOException {
        write(out, signature.inputs().standardisation());
        if (signature.targets().isPresent()) {
            write(out, signature.targets().get().standardisation());
        }
        if (signature.labels().isPresent()) {
            for (String value : signature.labels().get().values()) {
                out.write(value.getBytes(StandardCharsets.UTF_8));
                out.write(0);
            }
        }
    }

    private static void write(DataOutputStream out, Standardisation standardisation) throws IOException {
        for (int k = 0; k < standardisation.inputs(); k++) {
            out.writeDouble(standardisation.shift()[k]);
            out.writeDouble(standardisation.deviation()[k]);
        }
    }
}
