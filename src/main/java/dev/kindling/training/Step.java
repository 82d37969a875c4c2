package dev.kindling.training;

/**
 * What one step showed.
 *
 * @param number from 1 to {@code of}
 * @param of the steps of the whole run
 * @param loss mean cross-entropy of the step's rows in nats, under the parameters the step began with
 * @param accuracy the share of the step's rows that those parameters predict right, 0 to 1
 * @param rows how many rows the step read
 * @param parameters the flat array after the step, laid out as {@link dev.kindling.network.Architecture} says; not to be
 *     changed
 */
public record Step(int number, int of, double loss, double accuracy, long rows, float[] parameters) {}
