/**
 * Models as ONNX files, written and read by hand: a JVM with nothing but Kindling's jar can do both.
 *
 * <p>May import {@code network}, and of {@code storage} the model and its signature. No class of Spark.
 */
package dev.kindling.onnx;
