/**
 * Models on disk: parameters and provenance as Parquet, parameters as JSON; written whole or not at all.
 *
 * <p>May import {@code network} and Spark.
 */
package dev.kindling.storage;
