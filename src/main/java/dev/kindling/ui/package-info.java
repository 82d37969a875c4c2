/**
 * The Training tab of the Spark UI, live and in the History Server, and the metrics of training.
 *
 * <p>{@link dev.kindling.ui.TrainingEvents} hears of each step and posts it as an event on Spark's listener bus, which
 * also writes it to the event log. {@link dev.kindling.ui.TrainingListener} makes a {@link dev.kindling.ui.TrainingRun} of
 * the events, in the driver or in the History Server, and {@link dev.kindling.ui.TrainingPage} shows that.
 *
 * <p>May import {@code network}, {@code training}, {@code storage}, the colours of {@code plot}, and Spark. It alone touches
 * {@code org.apache.spark.ui} and {@code org.apache.spark.status}, which are public in bytecode only. It must load where
 * there is nothing but Kindling's jar and Spark's: in a History Server.
 */
package dev.kindling.ui;
