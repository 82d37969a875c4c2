package dev.kindling.storage;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;

/**
 * A trained network.
 *
 * @param parameters the flat array, laid out as {@link Architecture} says, every number finite
 */
public record Model(Architecture architecture, float[] parameters, Provenance provenance) {
    /** What shows that a directory holds a model. */
    public static final String MARK = "provenance.parquet";

    /** @throws KindlingException if the parameters are too few, too many or not finite */
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
    }

    /** What to say of a directory that holds none. */
    public static KindlingException missing(Object directory) {
        return new KindlingException(directory + ": found no model, expected " + MARK + " and parameters.parquet: train"
                + " one, or give the place of one as " + setting("model"));
    }

    /** The SHA-256 of the parameters as big-endian floats, in hex: equal digests mean equal bits. */
    public String digest() {
        return digest(parameters);
    }

    /** The same of parameters alone. */
    public static String digest(float[] parameters) {
        return Digest.of(out -> Digest.write(out, parameters));
    }
}
