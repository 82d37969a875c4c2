package dev.kindling.onnx;

import dev.kindling.error.KindlingException;
import dev.kindling.storage.FeatureForm;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Model;

/**
 * What an ONNX graph takes.
 *
 * @param type of its numbers
 * @param isByColumn whether it has an input of shape (rows, 1) for each column, by its name, or one for all
 */
public record OnnxInput(Type type, boolean isByColumn) {
    /** Types of numbers. */
    public enum Type {
        FLOAT,
        /** Keeps what a float has no digits for, such as a time in seconds. */
        DOUBLE,
        /** Pixels from 0 to 255. */
        UINT8
    }

    /** One tensor: of doubles where a table's columns are standardised, of floats where there are pixels. */
    public static OnnxInput of(Model model) {
        boolean isScaled = model.signature()
                .filter(signature -> !signature.inputs().arePixels())
                .isPresent();
        return new OnnxInput(isScaled ? Type.DOUBLE : Type.FLOAT, false);
    }

    void check(Model model) {
        boolean isOfColumns = model.signature()
                .filter(signature -> signature.inputs().form() == FeatureForm.COLUMNS)
                .isPresent();
        if (isByColumn && !isOfColumns) {
            throw new KindlingException("found a model of one array, expected one of columns for an input for each");
        }
        if (type == Type.UINT8 && of(model).type() != Type.FLOAT) {
            throw new KindlingException("found a model of other numbers than pixels from 0 to " + Inputs.LEVELS
                    + ", expected float or double");
        }
    }
}
