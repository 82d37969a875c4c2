/**
 * The library, which the command line is one user of.
 *
 * <p>Imports what lies below it, {@code network}, {@code data}, {@code training}, {@code evaluation}, {@code scoring} and {@code storage},
 * the events of {@code ui}, and Spark. It prints nothing, and knows no option of a command line.
 */
package dev.kindling;
