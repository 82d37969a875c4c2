/**
 * How good a model is: the evaluate job, the confusion matrix, and the metrics derived from it.
 *
 * <p>May import {@code network}, {@code data}, {@code storage} and Spark.
 */
package dev.kindling.evaluation;
