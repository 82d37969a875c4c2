package dev.kindling.training;

import static dev.kindling.error.KindlingException.setting;

import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Recognises training that diverges while its numbers are still in range for {@link GradientSum#check}. */
final class Divergence {
    /** A loss this many times that of the first step and of guessing is no fluctuation. */
    private static final int MUCH = 100;

    private Divergence() {}

    /** For each layer, the Euclidean norm of the gradient of its weights and biases. */
    static List<Double> layerNorms(Architecture architecture, double[] gradient) {
        List<Double> norms = new ArrayList<>();
        for (int l = 0; l < architecture.layers(); l++) {
            double squares = 0;
            int end = architecture.weights(l + 1);
            for (int k = architecture.weights(l); k < end; k++) {
                squares += gradient[k] * gradient[k];
            }
            norms.add(Math.sqrt(squares));
        }
        return norms;
    }

    /**
     * Refuses a loss that is far too large.
     *
     * @param when for the message: "step 12"
     * @param firstLoss that of the first step
     * @param norms of the gradient of each layer
     * @throws KindlingException naming the layer with the largest gradient
     */
    static void checkLoss(
            String when,
            Architecture architecture,
            double loss,
            double firstLoss,
            List<Double> norms,
            double learningRate) {
        double usual = Math.max(firstLoss, architecture.output().lossOfGuessing(architecture.outputs()));
        if (loss > MUCH * usual) {
            double largest = Collections.max(norms);
            throw new KindlingException(String.format(
                    Locale.ROOT,
                    "%s: found a loss of %.1f, more than %d times %.2f, the larger of the first step's loss and"
                            + " that of guessing, so training diverges; the largest gradient is in layer %d (norm"
                            + " %.3g): try a smaller %s (now %s)",
                    when,
                    loss,
                    MUCH,
                    usual,
                    norms.indexOf(largest) + 1,
                    largest,
                    setting("learning-rate"),
                    learningRate));
        }
    }

    /**
     * Refuses parameters that are not finite.
     *
     * @param when for the message: "step 12"
     * @param parameters the flat array after the step
     * @throws KindlingException naming the layer
     */
    static void checkParameters(String when, Architecture architecture, float[] parameters, double learningRate) {
        for (int k = 0; k < parameters.length; k++) {
            if (!Float.isFinite(parameters[k])) {
                throw new KindlingException(when + ": a parameter of layer " + (architecture.layerOf(k) + 1)
                        + " became " + parameters[k] + ", so training diverges: try a smaller "
                        + setting("learning-rate") + " (now " + learningRate + ")");
            }
        }
    }
}
