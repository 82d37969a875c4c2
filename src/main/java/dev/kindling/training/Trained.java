package dev.kindling.training;

import java.util.List;

/**
 * The result of a run of training.
 *
 * @param parameters the flat array, laid out as {@link dev.kindling.network.Architecture} says
 * @param steps the steps that led to these parameters
 * @param taken the steps taken: more, where patience ended the run after the best evaluation
 * @param loss the mean over the whole training set by the rows' weights, under these parameters: cross-entropy in nats, or
 *     half of the squared error
 * @param accuracy the share of the training set that they predict right, 0 to 1, whatever the weights; NaN in a regression
 * @param validationLoss the loss over the validation rows; NaN where there are none
 * @param validationAccuracy the accuracy over the validation rows; NaN where there are none, and in a regression
 * @param deadUnits for each hidden layer, the number of units that are active on no row of the training set
 * @param exchange how parameters and sums went to and fro
 */
public record Trained(
        float[] parameters,
        int steps,
        int taken,
        double loss,
        double accuracy,
        double validationLoss,
        double validationAccuracy,
        List<Integer> deadUnits,
        ExchangeKind exchange) {}
