/**
 * What Spark jobs find out about a model: its predictions, the confusion matrix and the metrics derived from it, how
 * predicted numbers lie beside actual ones, on how many rows its units are active, and how the sums of shards make a
 * gradient.
 *
 * <p>May import {@code network}, {@code data}, {@code storage} and Spark.
 */
package dev.kindling.evaluation;
