package dev.kindling.training;

/**
 * What a run of training ends with.
 *
 * @param parameters the flat array, laid out as {@link dev.kindling.network.Architecture} says
 * @param steps the steps taken
 * @param loss mean cross-entropy over the whole training set, in nats, under these parameters
 * @param accuracy the share of the training set that they predict right, 0 to 1
 * @param deadUnits the number of hidden units that are active on no row of the training set
 */
public record Trained(float[] parameters, int steps, double loss, double accuracy, int deadUnits) {}
