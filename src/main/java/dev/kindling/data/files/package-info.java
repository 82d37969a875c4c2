/**
 * From files to rows: which files a directory holds, and readers of IDX, CSV, Parquet and pictures.
 *
 * <p>Imports {@code data}, {@code storage} for its check of Parquet, {@code error} and Spark.
 */
package dev.kindling.data.files;
