package dev.kindling.ml;

import dev.kindling.network.Architecture;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/** The params of one estimator or model, beside those that Spark ML's own classes have. */
final class SharedParams implements Serializable {
    private static final long serialVersionUID = 1L;

    final IntArrayParam layers;
    final IntArrayParam hiddenLayers;
    final Param<String> solver;
    final IntParam maxIter;
    final DoubleParam tol;
    final DoubleParam stepSize;
    final IntParam batchSize;
    final DoubleParam weightDecay;
    final Param<String> weightCol;
    final Param<String> validationIndicatorCol;
    final DoubleParam validationFraction;
    final IntParam validateEvery;
    final IntParam patience;
    final BooleanParam balanced;
    final Param<Vector> initialWeights;
    final LongParam seed;
    final IntParam blockSize;

    SharedParams(Params parent) {
        layers = new IntArrayParam(
                parent,
                "layers",
                "the sizes of all layers: inputs, hidden layers, classes, such as 784,100,10. Instead of it,"
                        + " hiddenLayers can be set: inputs and classes follow from the data then",
                check(SharedParams::areLayers));
        hiddenLayers = new IntArrayParam(
                parent,
                "hiddenLayers",
                "the sizes of the hidden layers, or none for a linear model. Without it, and without layers, there is one,"
                        + " of a size that suits the number of rows",
                check(SharedParams::areUnits));
        solver = new Param<>(
                parent,
                "solver",
                "what moves the parameters: adam (mini-batches; maxIter counts them), l-bfgs (all rows at each iteration) or gd"
                        + " (plain gradient descent). auto is l-bfgs if maxIter or tol is set, as programs for Spark's"
                        + " perceptron mean it, and else adam, with settings that suit the number of rows",
                ParamValidators.inArray(List.of(
                        KindlingParams.AUTO,
                        KindlingParams.ADAM,
                        KindlingParams.LBFGS,
                        KindlingParams.GRADIENT_DESCENT)));
        maxIter = new IntParam(
                parent,
                "maxIter",
                "the most iterations: gradients that are taken (>= 1). By default 100, and with solver adam a number that suits"
                        + " the number of rows",
                ParamValidators.gtEq(1));
        tol = new DoubleParam(
                parent,
                "tol",
                "for solver l-bfgs: training ends when ten iterations together lower the loss by no more than this share of the"
                        + " first loss (>= 0)",
                ParamValidators.gtEq(0));
        stepSize = new DoubleParam(
                parent,
                "stepSize",
                "for solvers adam and gd: the highest learning rate (> 0). By default 0.01 with adam and 0.03 with gd",
                ParamValidators.gt(0));
        batchSize = new IntParam(
                parent,
                "batchSize",
                "for solvers adam and gd: the rows of an iteration, a multiple of 256, or 0 for all. By default what suits the"
                        + " number of rows with adam, and all with gd",
                ParamValidators.gtEq(0));
        weightDecay = new DoubleParam(
                parent,
                "weightDecay",
                "the share of the first layer's weights that a step of rate 1 takes away (>= 0); for l-bfgs half of it times"
                        + " their squares is added to the loss. By default what suits the number of rows with adam, else 0",
                ParamValidators.gtEq(0));
        weightCol = new Param<>(
                parent,
                "weightCol",
                "the column of row weights, 0 or more: a row of weight 2 counts as if it were there twice. Without it each has"
                        + " the weight 1");
        validationIndicatorCol = new Param<>(
                parent,
                "validationIndicatorCol",
                "the boolean column that says which rows are for validation: they are not trained on, but evaluated as"
                        + " training goes");
        validationFraction = new DoubleParam(
                parent,
                "validationFraction",
                "the share of the rows that is drawn by the seed for validation, where no column says which (>= 0, below 1)",
                ParamValidators.inRange(0, 1, true, false));
        validateEvery = new IntParam(
                parent,
                "validateEvery",
                "how many iterations there are from one evaluation of the validation rows to the next (>= 1)",
                ParamValidators.gtEq(1));
        patience = new IntParam(
                parent,
                "patience",
                "training stops after this many evaluations in succession without a smaller validation loss, and the model has"
                        + " the parameters of the smallest; 0 to go on to the end",
                ParamValidators.gtEq(0));
        balanced = new BooleanParam(
                parent,
                "balanced",
                "whether the rows of each class together get the same weight, however few they are; not for regression");
        initialWeights = new Param<>(
                parent,
                "initialWeights",
                "the parameters to begin with, as weights of a model has them, instead of random ones");
        seed = new LongParam(
                parent, "seed", "the seed of every random choice: the same rows, params and seed give the same model");
        blockSize = new IntParam(
                parent,
                "blockSize",
                "for programs written for Spark's perceptron: rows are always packed in blocks of 256. It changes no result,"
                        + " there or here",
                ParamValidators.gt(0));
    }

    private static boolean areLayers(int[] sizes) {
        return sizes.length > 1
                && sizes[0] > 0
                && sizes[0] <= Architecture.MAX_INPUTS
                && areUnits(Arrays.copyOfRange(sizes, 1, sizes.length));
    }

    private static boolean areUnits(int... sizes) {
        return Arrays.stream(sizes).allMatch(size -> size > 0 && size <= Architecture.MAX_SIZE);
    }

    /** A condition in Java. */
    private interface Condition extends Serializable {
        boolean holds(int... sizes);
    }

    private static Function1<int[], Object> check(Condition condition) {
        return new Check(condition);
    }

    private static final class Check extends AbstractFunction1<int[], Object> implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Condition condition;

        Check(Condition condition) {
            this.condition = condition;
        }

        @Override
        public Object apply(int[] sizes) {
            return condition.holds(sizes);
        }
    }
}
