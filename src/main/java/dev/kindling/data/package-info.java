/**
 * Files to a DataFrame of (id, label, features), and rows to packed blocks.
 *
 * <p>May import {@code network}, {@code storage} for files that others wrote, and Spark.
 */
package dev.kindling.data;
