package dev.kindling.ml;

import dev.kindling.RegressorModel;
import dev.kindling.TableModel;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.RowPredictor;
import dev.kindling.network.Standardisation;
import dev.kindling.network.StoredFeatures;
import dev.kindling.storage.Inputs;
import dev.kindling.storage.Model;
import dev.kindling.storage.Signature;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Params;

/** What Spark ML asks of a model, as Kindling's models have it. */
final class Networks {
    private Networks() {}

    static RowPredictor predictor(TableModel fitted) {
        Model model = fitted.network();
        return new RowPredictor(
                model.architecture(), model.parameters(), inputs(fitted).standardisation());
    }

    private static Inputs inputs(TableModel fitted) {
        return fitted.network()
                .signature()
                .orElseThrow(
                        () -> new KindlingException("found a model of images, expected one that was fitted to a table"))
                .inputs();
    }

    /** What the model takes, from a column of another name. */
    static Inputs inputs(TableModel fitted, String features) {
        Inputs inputs = inputs(fitted);
        return new Inputs(inputs.form(), List.of(features), inputs.standardisation());
    }

    /** How the label of a regression is standardised. */
    static Standardisation scale(RegressorModel fitted) {
        return fitted.network()
                .signature()
                .flatMap(Signature::targets)
                .orElseThrow()
                .standardisation();
    }

    static int[] layers(TableModel fitted) {
        return fitted.network().architecture().sizes().stream()
                .mapToInt(size -> size)
                .toArray();
    }

    static Vector weights(TableModel fitted) {
        float[] parameters = fitted.network().parameters();
        double[] weights = new double[parameters.length];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = parameters[k];
        }
        return new DenseVector(weights);
    }

    /** A row as the network takes it. */
    static StoredFeatures checked(RowPredictor predictor, Vector features) {
        if (features.size() != predictor.inputs()) {
            throw new KindlingException(
                    "the row: found " + features.size() + " features, expected " + predictor.inputs());
        }
        StoredFeatures row = features instanceof SparseVector sparse
                ? new StoredFeatures(sparse.size(), sparse.indices(), sparse.values())
                : StoredFeatures.all(features.toArray());
        row.notFinite().ifPresent(k -> {
            throw new KindlingException(
                    "the row: found " + features.apply(k) + " for feature " + k + ", expected a finite number");
        });
        return row;
    }

    /** The column of weights that a model was trained with; empty for none. */
    static String weightCol(KindlingParams model) {
        return model.isDefined(model.weightCol()) ? model.getWeightCol() : "";
    }

    /** The bytes of a model in memory. */
    static long estimatedSize(Params model, TableModel fitted) {
        return model.estimateMatadataSize() + bytes(fitted.network().architecture());
    }

    /** The bytes of the numbers of a network: parameters, and shift and deviation of each input. */
    static long bytes(Architecture architecture) {
        return (long) Float.BYTES * architecture.parameters() + 2L * Double.BYTES * architecture.inputs();
    }
}
