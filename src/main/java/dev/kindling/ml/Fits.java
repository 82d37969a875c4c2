package dev.kindling.ml;

import static org.apache.spark.sql.functions.col;

import dev.kindling.ClassifierModel;
import dev.kindling.Estimator;
import dev.kindling.TableModel;
import dev.kindling.error.KindlingException;
import dev.kindling.network.Architecture;
import dev.kindling.network.Output;
import dev.kindling.network.Schedule;
import dev.kindling.training.Defaults;
import dev.kindling.training.Recipe;
import dev.kindling.training.RecipeBuilder;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.PredictorParams;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.util.DatasetUtils$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import scala.jdk.javaapi.CollectionConverters;

/** What a fit of a classifier and of a regressor have in common. */
final class Fits {
    /** The rate rises over no more than this part of the iterations. */
    private static final int WARMUP_PART = 10;

    private static final int WARMUP = 100;

    private Fits() {}

    /**
     * The columns that are trained on, under their names. Labels and weights are checked row by row, as Spark ML does.
     *
     * @param label as it is checked
     */
    static <P extends KindlingParams & PredictorParams> Dataset<Row> rows(P params, Dataset<?> dataset, Column label) {
        List<Column> columns = new ArrayList<>();
        columns.add(col(params.getFeaturesCol()).as(features(params)));
        columns.add(label.as(params.getLabelCol()));
        if (isSet(params, params.weightCol())) {
            columns.add(DatasetUtils$.MODULE$
                    .checkNonNegativeWeights(params.getWeightCol())
                    .as(params.getWeightCol()));
        }
        if (isSet(params, params.validationIndicatorCol())) {
            columns.add(col(params.getValidationIndicatorCol()));
        }
        return dataset.select(columns.toArray(Column[]::new));
    }

    /**
     * Fits, and if that is refused lets Spark ML look at the features first, so that what it finds is said in its words. It takes as
     * long for that as training does, so rows that are sound do without.
     */
    static <M> M fit(Function<Dataset<Row>, M> fit, PredictorParams params, Dataset<Row> rows) {
        try {
            return fit.apply(rows);
        } catch (KindlingException e) {
            if (!FeatureColumn.isArray(rows.schema(), features(params))) {
                rows.select(DatasetUtils$.MODULE$.checkNonNanVectors(features(params)))
                        .write()
                        .format("noop")
                        .mode(SaveMode.Overwrite)
                        .save();
            }
            throw e;
        }
    }

    /**
     * What the features are called while they are trained on: a model of the library may not take a column of the name of one that it
     * adds, as the probabilities of another stage have.
     */
    private static String features(PredictorParams params) {
        String name = params.getFeaturesCol();
        boolean isTaken =
                Stream.of(TableModel.PREDICTION, ClassifierModel.PROBABILITY).anyMatch(name::equalsIgnoreCase);
        return isTaken ? "the features " + name : name;
    }

    /** Whether a column has a name. */
    private static boolean isSet(KindlingParams params, Param<String> column) {
        return params.isDefined(column) && !params.getOrDefault(column).isEmpty();
    }

    /** An estimator of the library with what the params say. */
    static <E extends Estimator<E>, P extends KindlingParams & PredictorParams> E configured(
            E estimator, P params, Dataset<?> dataset) {
        E configured = estimator
                .features(features(params))
                .recipe(recipe -> settings(recipe, params))
                .run(name(params));
        if (params.isDefined(params.hiddenLayers()) && params.isDefined(params.layers())) {
            throw new IllegalArgumentException(params.uid() + ": found layers and hiddenLayers, expected one of them");
        }
        if (params.isDefined(params.layers())) {
            int[] sizes = params.getLayers();
            int features = FeatureColumn.size(dataset, params.getFeaturesCol());
            if (sizes[0] != features) {
                throw new KindlingException("layers: found " + sizes[0] + " inputs, expected " + features
                        + ", as column " + params.getFeaturesCol() + " has");
            }
            configured = configured.hiddenLayers(Arrays.copyOfRange(sizes, 1, sizes.length - 1));
        }
        if (params.isDefined(params.hiddenLayers())) {
            configured = configured.hiddenLayers(params.getHiddenLayers());
        }
        if (isSet(params, params.weightCol())) {
            configured = configured.weight(params.getWeightCol());
        }
        boolean isIndicated = isSet(params, params.validationIndicatorCol());
        if (isIndicated && params.getValidationFraction() > 0) {
            throw new IllegalArgumentException(
                    params.uid() + ": found validationIndicatorCol and a validationFraction, expected one of them");
        }
        configured = isIndicated
                ? configured.heldOut(params.getValidationIndicatorCol())
                : configured.heldOut(params.getValidationFraction());
        if (params.isDefined(params.initialWeights())) {
            configured = configured.initialParameters(floats(params.getInitialWeights()));
        }
        return configured;
    }

    /** The layers that a fit would have. */
    static <P extends KindlingParams & PredictorParams> Architecture architecture(
            P params, Dataset<?> dataset, int outputs) {
        List<Integer> sizes = new ArrayList<>();
        sizes.add(FeatureColumn.size(dataset, params.getFeaturesCol()));
        if (params.isDefined(params.layers())) {
            int[] layers = params.getLayers();
            Arrays.stream(layers, 1, layers.length - 1).forEach(sizes::add);
        } else if (params.isDefined(params.hiddenLayers())) {
            Arrays.stream(params.getHiddenLayers()).forEach(sizes::add);
        } else {
            sizes.addAll(Defaults.hiddenLayers(dataset.count()));
        }
        sizes.add(outputs);
        return new Architecture(sizes, Output.SOFTMAX);
    }

    private static float[] floats(Vector vector) {
        float[] floats = new float[vector.size()];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) vector.apply(k);
        }
        return floats;
    }

    private static String solver(KindlingParams params) {
        boolean asPerceptron = params.isSet(params.maxIter()) || params.isSet(params.tol());
        return params.getSolver().equals(KindlingParams.AUTO)
                ? asPerceptron ? KindlingParams.LBFGS : KindlingParams.ADAM
                : params.getSolver();
    }

    /** Those of the library, which suit the number of rows, changed by what is set. */
    private static RecipeBuilder settings(RecipeBuilder recipe, KindlingParams params) {
        switch (solver(params)) {
            case KindlingParams.LBFGS ->
                plain(recipe, params).optimizer(Recipe.OptimizerKind.LBFGS).tolerance(params.getTol());
            case KindlingParams.GRADIENT_DESCENT ->
                plain(recipe, params).optimizer(Recipe.OptimizerKind.GD).learningRate(params.getStepSize());
            default -> {
                if (params.isSet(params.maxIter())) {
                    recipe.iterations(params.getMaxIter()).warmup(Math.min(WARMUP, params.getMaxIter() / WARMUP_PART));
                }
                if (params.isSet(params.stepSize())) {
                    recipe.learningRate(params.getStepSize());
                }
            }
        }
        if (params.isDefined(params.batchSize())) {
            recipe.batchSize(params.getBatchSize());
        }
        if (params.isDefined(params.weightDecay())) {
            recipe.weightDecay(params.getWeightDecay());
        }
        return recipe.validateEvery(params.getValidateEvery())
                .patience(params.getPatience())
                .seed(params.getSeed());
    }

    /** All rows at each iteration, with nothing that changes from one to the next. */
    private static RecipeBuilder plain(RecipeBuilder recipe, KindlingParams params) {
        return recipe.iterations(params.getMaxIter())
                .batchSize(Recipe.FULL_BATCH)
                .schedule(Schedule.CONSTANT)
                .warmup(0)
                .weightDecay(0);
    }

    /** The uid, and the params that are set, but those of columns: what fits of a grid differ in. */
    private static String name(KindlingParams params) {
        String set = CollectionConverters.asJava(params.paramMap().toSeq()).stream()
                .filter(pair -> !pair.param().name().endsWith("Col")
                        && !pair.param().name().equals(params.initialWeights().name()))
                .map(Fits::text)
                .sorted()
                .collect(Collectors.joining(", "));
        return set.isEmpty() ? params.uid() : params.uid() + ": " + set;
    }

    private static String text(ParamPair<?> pair) {
        Object value = pair.value();
        String text = value.getClass().isArray()
                ? IntStream.range(0, Array.getLength(value))
                        .mapToObj(k -> String.valueOf(Array.get(value, k)))
                        .collect(Collectors.joining(",", "[", "]"))
                : String.valueOf(value);
        return pair.param().name() + " " + text;
    }
}
