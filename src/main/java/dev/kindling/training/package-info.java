/**
 * The recipe, the shard gradient that Spark runs in {@code mapPartitions}, the run that a gradient moves one step on, and the
 * trainer that steps.
 *
 * <p>May import {@code network}, {@code data}, {@code storage} and Spark. Read {@link dev.kindling.training.Trainer}
 * first.
 */
package dev.kindling.training;
