/**
 * Kindling as estimators and models of Spark ML: stages of a Pipeline, from Scala, Java, PySpark and Spark Connect. The library does
 * the work; here are Spark ML's conventions.
 *
 * <p>Imports the library, what lies below it, and Spark with MLlib, which it alone may load.
 */
package dev.kindling.ml;
