/**
 * Tables of any kind: CSV, JSON, Parquet and libsvm, in a file or a folder, to a DataFrame and back.
 *
 * <p>Imports {@code storage} for its check of Parquet and its outputs, {@code error} and Spark.
 */
package dev.kindling.data.files.tables;
