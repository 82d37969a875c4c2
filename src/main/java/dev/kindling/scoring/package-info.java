/**
 * What a query asks a network about its rows: as an expression, row by row, or as an operator, many rows together.
 *
 * <p>May import {@code network}, {@code data.tables}, {@code storage} and Spark with its planner.
 */
package dev.kindling.scoring;
