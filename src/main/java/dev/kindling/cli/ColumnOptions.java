package dev.kindling.cli;

import dev.kindling.Classifier;
import dev.kindling.ClassifierModel;
import dev.kindling.Estimator;
import dev.kindling.Regressor;
import dev.kindling.RegressorModel;
import dev.kindling.TableModel;
import dev.kindling.TrainedModel;
import dev.kindling.data.tables.Missing;
import dev.kindling.error.KindlingException;
import dev.kindling.storage.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which columns of a table are what, and what is made of them. */
final class ColumnOptions {
    @Option(
            names = "--features",
            paramLabel = "NAMES",
            split = ",",
            description = "In a table: the columns that are features. Default: all but the others.")
    private List<String> features = List.of();

    @Option(
            names = "--target",
            paramLabel = "NAMES",
            split = ",",
            description = "In a table: the columns of numbers to predict, instead of a label.")
    private List<String> targets = List.of();

    @Option(names = "--weight", paramLabel = "NAME", description = "In a table: the column of the rows' weights.")
    private String weight;

    @Option(
            names = "--held-out",
            paramLabel = "NAME",
            description = "In a table: the column of booleans that says which rows are held out.")
    private String heldOut;

    @Option(
            names = "--balanced",
            description = "In a table: the rows of each class weigh as much together as those of any other.")
    private boolean balanced;

    @Option(
            names = "--hidden-layers",
            paramLabel = "SIZES",
            split = ",",
            description =
                    "In a table: the number of units in each hidden layer. Default: what suits the number of rows.")
    private int[] hiddenLayers;

    /**
     * What is to be learnt from a table.
     *
     * @param label the column of the label, or null
     * @param settings of the recipe that were given
     * @param start the model to begin with, if there is one
     */
    Estimator<?> estimator(
            String label, Missing missing, Map<String, String> settings, String source, Optional<Model> start) {
        Optional<TableModel> model = start.map(begun -> TableModel.of(new TrainedModel(begun, List.of())));
        if (!targets.isEmpty() && (label != null || balanced)) {
            throw new KindlingException("--target: found " + String.join(",", targets) + " beside "
                    + (label != null ? "--label" : "--balanced") + ", expected one: numbers have no classes");
        }
        if (model.isPresent() && model.get() instanceof RegressorModel numbers) {
            if (label != null || balanced) {
                throw new KindlingException((label != null ? "--label" : "--balanced")
                        + ": found beside --from a model of numbers, expected none: numbers have no classes");
            }
            return common(withTargets(new Regressor().from(numbers)), missing, settings, source);
        }
        if (!targets.isEmpty() && model.isPresent()) {
            throw new KindlingException("--target: found " + String.join(",", targets)
                    + " beside --from a model of classes, expected a label");
        }
        if (!targets.isEmpty()) {
            return common(withTargets(new Regressor()), missing, settings, source);
        }
        Classifier classifier = new Classifier();
        if (model.isPresent() && model.get() instanceof ClassifierModel classes) {
            classifier = classifier.from(classes);
        }
        classifier = label == null ? classifier : classifier.label(label);
        return common(balanced ? classifier.balanced() : classifier, missing, settings, source);
    }

    private Regressor withTargets(Regressor regressor) {
        return targets.isEmpty() ? regressor : regressor.target(targets.toArray(String[]::new));
    }

    private <E extends Estimator<E>> E common(E start, Missing missing, Map<String, String> settings, String source) {
        E estimator = start.missing(missing).source(source).recipe(recipe -> {
            settings.forEach(recipe::set);
            return recipe;
        });
        estimator = features.isEmpty() ? estimator : estimator.features(features.toArray(String[]::new));
        estimator = weight == null ? estimator : estimator.weight(weight);
        estimator = heldOut == null ? estimator : estimator.heldOut(heldOut);
        return hiddenLayers == null ? estimator : estimator.hiddenLayers(hiddenLayers);
    }

    /** Refuses options that a directory of images does not have. */
    void requireNone(String directory) {
        if (!features.isEmpty()
                || !targets.isEmpty()
                || weight != null
                || heldOut != null
                || balanced
                || hiddenLayers != null) {
            throw new KindlingException(
                    directory + ": found a data set of files for training and testing, expected a table"
                            + " with --features, --target, --weight, --held-out, --balanced and --hidden-layers: name the file");
        }
    }
}
