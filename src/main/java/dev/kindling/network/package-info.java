/**
 * The textbook: a fully connected network, its forward and backward pass, and what moves its parameters.
 *
 * <p>Imports the JDK, with the Vector API where it is there, and netlib; no Spark. Read {@link dev.kindling.network.Architecture}, then
 * {@link dev.kindling.network.Network}, then {@link dev.kindling.network.Optimizer}.
 *
 * <p>Letters are those of the mathematics: X (or A of layer 0) the inputs, W weights, b biases, Z = A W + b sums,
 * A = max(Z, 0) activations, delta = dLoss/dZ. Matrices are row-major with one example a row.
 */
package dev.kindling.network;
