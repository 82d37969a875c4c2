/**
 * Models and checkpoints on disk: parameters, provenance and history as Parquet, parameters as JSON too; written whole or
 * not at all.
 *
 * <p>May import {@code network}, and Spark with its Parquet.
 */
package dev.kindling.storage;
