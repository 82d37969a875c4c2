package dev.kindling.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;

/**
 * How the params of an estimator are set. Each method changes the estimator and gives it back; one that gets a value out of range
 * throws IllegalArgumentException.
 *
 * @param <E> the estimator
 */
public interface KindlingSetters<E extends KindlingSetters<E>> extends KindlingParams {
    /** {@link #layers}; an array, as programs for Spark's perceptron in Scala give it. */
    default E setLayers(int[] sizes) {
        return with(layers(), sizes);
    }

    /** {@link #hiddenLayers}. */
    default E setHiddenLayers(int... sizes) {
        return with(hiddenLayers(), sizes);
    }

    /** {@link #solver}. */
    default E setSolver(String name) {
        return with(solver(), name);
    }

    /** {@link #maxIter}. */
    default E setMaxIter(int iterations) {
        return with(maxIter(), iterations);
    }

    /** {@link #tol}. */
    default E setTol(double share) {
        return with(tol(), share);
    }

    /** {@link #stepSize}. */
    default E setStepSize(double rate) {
        return with(stepSize(), rate);
    }

    /** {@link #batchSize}. */
    default E setBatchSize(int rows) {
        return with(batchSize(), rows);
    }

    /** {@link #weightDecay}. */
    default E setWeightDecay(double share) {
        return with(weightDecay(), share);
    }

    /** {@link #weightCol}. */
    default E setWeightCol(String column) {
        return with(weightCol(), column);
    }

    /** {@link #validationIndicatorCol}. */
    default E setValidationIndicatorCol(String column) {
        return with(validationIndicatorCol(), column);
    }

    /** {@link #validationFraction}. */
    default E setValidationFraction(double share) {
        return with(validationFraction(), share);
    }

    /** {@link #validateEvery}. */
    default E setValidateEvery(int iterations) {
        return with(validateEvery(), iterations);
    }

    /** {@link #patience}. */
    default E setPatience(int evaluations) {
        return with(patience(), evaluations);
    }

    /** {@link #initialWeights}. */
    default E setInitialWeights(Vector weights) {
        return with(initialWeights(), weights);
    }

    /** {@link #seed}. */
    default E setSeed(long value) {
        return with(seed(), value);
    }

    /** {@link #blockSize}. */
    default E setBlockSize(int rows) {
        return with(blockSize(), rows);
    }

    /** Sets a param. */
    @SuppressWarnings("unchecked") // an estimator is its own E
    private <T> E with(Param<T> param, T value) {
        set(param, value);
        return (E) this;
    }
}
