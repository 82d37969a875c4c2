package dev.kindling.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasBlockSize;
import org.apache.spark.ml.param.shared.HasMaxIter;
import org.apache.spark.ml.param.shared.HasSeed;
import org.apache.spark.ml.param.shared.HasSolver;
import org.apache.spark.ml.param.shared.HasStepSize;
import org.apache.spark.ml.param.shared.HasTol;
import org.apache.spark.ml.param.shared.HasValidationIndicatorCol;
import org.apache.spark.ml.param.shared.HasWeightCol;

/**
 * The params that Kindling's estimators and models have in common, and how they are read. Those that Spark ML has too have its
 * names and mean the same.
 */
public interface KindlingParams
        extends HasMaxIter,
                HasTol,
                HasStepSize,
                HasSeed,
                HasSolver,
                HasBlockSize,
                HasWeightCol,
                HasValidationIndicatorCol {
    /** {@link #solver}: l-bfgs if maxIter or tol is set, else adam. */
    String AUTO = "auto";

    /** {@link #solver}: Adam, with mini-batches. */
    String ADAM = "adam";

    /** {@link #solver}: L-BFGS, with all rows at each iteration. */
    String LBFGS = "l-bfgs";

    /** {@link #solver}: plain gradient descent. */
    String GRADIENT_DESCENT = "gd";

    /** The params of this object. */
    SharedParams shared();

    /** Gives them the defaults that do not depend on the data. */
    default void setDefaults() {
        setDefault(solver(), AUTO);
        // As of Spark's perceptron, whose programs ask for them. With the solver adam they hold only if they are set.
        setDefault(maxIter(), 100);
        setDefault(stepSize(), 0.03);
        setDefault(tol(), 1e-6);
        setDefault(validationFraction(), 0.0);
        setDefault(validateEvery(), 50);
        setDefault(patience(), 0);
        setDefault(balanced(), false);
        setDefault(seed(), 1L);
        setDefault(blockSize(), 128);
    }

    /** The sizes of all layers. */
    default IntArrayParam layers() {
        return shared().layers;
    }

    /** The sizes of the hidden layers. */
    default IntArrayParam hiddenLayers() {
        return shared().hiddenLayers;
    }

    @Override
    default Param<String> solver() {
        return shared().solver;
    }

    @Override
    default IntParam maxIter() {
        return shared().maxIter;
    }

    @Override
    default DoubleParam tol() {
        return shared().tol;
    }

    @Override
    default DoubleParam stepSize() {
        return shared().stepSize;
    }

    /** The rows of an iteration. */
    default IntParam batchSize() {
        return shared().batchSize;
    }

    /** The decay of the first layer's weights. */
    default DoubleParam weightDecay() {
        return shared().weightDecay;
    }

    @Override
    default Param<String> weightCol() {
        return shared().weightCol;
    }

    @Override
    default Param<String> validationIndicatorCol() {
        return shared().validationIndicatorCol;
    }

    /** The share of the rows that is held out. */
    default DoubleParam validationFraction() {
        return shared().validationFraction;
    }

    /** The iterations between two evaluations of the rows held out. */
    default IntParam validateEvery() {
        return shared().validateEvery;
    }

    /** The evaluations without a smaller loss after which training stops. */
    default IntParam patience() {
        return shared().patience;
    }

    /** Whether each class gets the same weight. */
    default BooleanParam balanced() {
        return shared().balanced;
    }

    /** The parameters to begin with. */
    default Param<Vector> initialWeights() {
        return shared().initialWeights;
    }

    @Override
    default LongParam seed() {
        return shared().seed;
    }

    @Override
    default IntParam blockSize() {
        return shared().blockSize;
    }

    /** The value of {@link #layers}. */
    default int[] getLayers() {
        return getOrDefault(layers());
    }

    /** The value of {@link #hiddenLayers}. */
    default int[] getHiddenLayers() {
        return getOrDefault(hiddenLayers());
    }

    /** The value of {@link #batchSize}. */
    default int getBatchSize() {
        return (int) getOrDefault(batchSize());
    }

    /** The value of {@link #weightDecay}. */
    default double getWeightDecay() {
        return (double) getOrDefault(weightDecay());
    }

    /** The value of {@link #validationFraction}. */
    default double getValidationFraction() {
        return (double) getOrDefault(validationFraction());
    }

    /** The value of {@link #validateEvery}. */
    default int getValidateEvery() {
        return (int) getOrDefault(validateEvery());
    }

    /** The value of {@link #patience}. */
    default int getPatience() {
        return (int) getOrDefault(patience());
    }

    /** The value of {@link #balanced}. */
    default boolean getBalanced() {
        return (boolean) getOrDefault(balanced());
    }

    /** The value of {@link #initialWeights}. */
    default Vector getInitialWeights() {
        return getOrDefault(initialWeights());
    }

    // What follows is how Scala sets the fields of a trait. The params are made in Java, with documentation of their
    // own, so
    // nothing calls these.

    @Override
    default void org$apache$spark$ml$param$shared$HasMaxIter$_setter_$maxIter_$eq(IntParam param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasTol$_setter_$tol_$eq(DoubleParam param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasStepSize$_setter_$stepSize_$eq(DoubleParam param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasSeed$_setter_$seed_$eq(LongParam param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasSolver$_setter_$solver_$eq(Param<String> param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasBlockSize$_setter_$blockSize_$eq(IntParam param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(Param<String> param) {}

    @Override
    default void org$apache$spark$ml$param$shared$HasValidationIndicatorCol$_setter_$validationIndicatorCol_$eq(
            Param<String> param) {}
}
