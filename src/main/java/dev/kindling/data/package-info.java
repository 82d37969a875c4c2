/**
 * Files to a DataFrame of (id, label, features), and rows to packed blocks.
 *
 * <p>May import {@code network} and Spark.
 */
package dev.kindling.data;
