/**
 * From the rows of a DataFrame to packed blocks, and to examples for people to look at.
 *
 * <p>Imports {@code network}, {@code error} and Spark. The readers of files are in {@code data.files}, which this does not know.
 */
package dev.kindling.data;
