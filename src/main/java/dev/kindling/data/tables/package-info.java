/**
 * Any columns of a DataFrame to rows that can be packed: which columns are what, how many rows there are, which labels they have,
 * and how their numbers are standardised.
 *
 * <p>Imports {@code network}, {@code data}, {@code storage} for what a model keeps of it, {@code error} and Spark. Read {@link
 * dev.kindling.data.tables.Table} first.
 */
package dev.kindling.data.tables;
