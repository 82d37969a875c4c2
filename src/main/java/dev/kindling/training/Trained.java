package dev.kindling.training;

import java.util.List;

/**
 * The result of a run of training.
 *
 * @param parameters the flat array, laid out as {@link dev.kindling.network.Architecture} says
 * @param steps the steps that led to these parameters
 * @param taken the steps taken: more, where patience ended the run after the best evaluation
 * @param loss mean cross-entropy over the whole training set, in nats, under these parameters
 * @param accuracy the share of the training set that they predict right, 0 to 1
 * @param validationLoss the loss over the validation rows; NaN where there are none
 * @param validationAccuracy the accuracy over the validation rows; NaN where there are none
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
